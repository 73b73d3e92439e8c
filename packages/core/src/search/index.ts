export { type BraveOptions, createBraveSearch } from './brave.ts';
export type { AddOptions, AddReport } from './local/add-documents.ts';
export {
  type FolderOptions,
  type LocalSearch,
  type LocalSearchOptions,
  openLocalSearch,
  type ShippedFolder,
} from './local/local-search.ts';
export type { SearchAnswer, SearchEngine, SearchQuery, SearchResult } from './search-engine.ts';
export { readSearchRequest } from './search-request.ts';
export { createSearxngSearch, type SearxngOptions } from './searxng.ts';
