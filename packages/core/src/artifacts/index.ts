export type { Artifact, ArtifactStore, ByteRange, OpenArtifact } from './artifact-store.ts';
export { FolderArtifactStore, type FolderArtifactStoreOptions } from './folder-artifact-store.ts';
