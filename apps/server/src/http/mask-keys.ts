/** The text without whole keys in it: callers put them into paths and ids by mistake, and the log must not keep them. */
export const maskKeys = (text: string): string => text.replaceAll(/anr_[0-9a-f]{8,}/gi, 'anr_***');
