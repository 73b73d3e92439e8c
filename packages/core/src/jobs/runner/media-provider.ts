import type { Provider } from '../../engines/provider.ts';

/** What jobs that survive can make. */
const mediaKinds = ['image', 'video', 'speech'] as const;

export type MediaKind = (typeof mediaKinds)[number];

export function isMediaKind(kind: string): kind is MediaKind {
  return (mediaKinds as readonly string[]).includes(kind);
}

/** The part of a provider that makes media. */
export type MediaProvider = Pick<Provider, 'name' | 'images' | 'videos' | 'speech' | 'offers'>;
