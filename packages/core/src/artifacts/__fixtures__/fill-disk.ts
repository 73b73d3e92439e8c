/** `fill-disk.ts FOLDER`: puts more than fits, then a little that fits, and prints what came of it. */
import { GatewayError } from '../../errors/gateway-error.ts';
import { FolderArtifactStore } from '../folder-artifact-store.ts';

const store = new FolderArtifactStore({ folder: process.argv[2] ?? '' });
const failure = await store.put('job-1', new Uint8Array(1_000_000), 'image/png').then(
  () => 'it fitted',
  (error) => (GatewayError.is(error) ? `${error.code}: ${error.message}` : String(error)),
);
const kept = await store.put('job-2', new Uint8Array(1000), 'image/png');
console.log(JSON.stringify({ failure, afterwards: kept.id }));
