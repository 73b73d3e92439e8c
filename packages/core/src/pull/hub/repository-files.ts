import { z } from 'zod';
import { GatewayError } from '../../errors/gateway-error.ts';

const entrySchema = z.object({
  type: z.string().max(40),
  path: z.string().min(1).max(1024),
  size: sizeSchema().default(0),
  oid: z.string().regex(/^[0-9a-f]{40,64}$/),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: sizeSchema() }).nullish(),
});

const listSchema = z.array(entrySchema);

/** One file of a repository. */
export interface RepositoryFile {
  /** `/` between its parts, below the folder that was asked for. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** `sha256:…` of a large file; `git:…`, the SHA-1 of git's blob, of one that lies in the repository itself. */
  readonly digest: string;
}

/**
 * Reads a page of the hub's listing. Directories are left out.
 *
 * @param below the folder that was asked for, without a slash at its end; empty for the whole repository
 * @throws GatewayError `engine-failed` when it is no listing, or one with paths that could lead out of a folder.
 */
export function readRepositoryFiles(json: string, name: string, below: string): RepositoryFile[] {
  const prefix = below === '' ? '' : `${below}/`;
  return parse(json, name)
    .filter(({ type }) => type === 'file')
    .map(({ path, size, oid, lfs }) => {
      if (!isPlain(path) || !path.startsWith(prefix)) throw broken(name, 'it has a path that leads elsewhere');
      const content = lfs ? { size: lfs.size, digest: `sha256:${lfs.oid}` } : { size, digest: `git:${oid}` };
      return { path: path.slice(prefix.length), ...content };
    });
}

function parse(json: string, name: string): z.infer<typeof listSchema> {
  try {
    return listSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw broken(name, 'it is not what the hub’s API promises', cause);
  }
}

/** Whether a path stays inside its folder on every system. */
function isPlain(path: string): boolean {
  if (/[\\\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255);
}

function sizeSchema() {
  return z
    .int()
    .min(0)
    .max(2 ** 43);
}

function broken(name: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError('engine-failed', `The hub’s list of files of ${name} cannot be used: ${reason}.`, { cause });
}
