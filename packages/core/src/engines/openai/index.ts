export { createOpenAIProvider, type OpenAIProvider } from './openai-provider.ts';
export type { CallDeadlines, ConfiguredModel, OpenAIProviderOptions, UpstreamKind, UpstreamLog } from './options.ts';
