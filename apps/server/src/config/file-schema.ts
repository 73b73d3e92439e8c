import { z } from 'zod';
import { fileKey, type Group, type GroupList, type Settings } from './setting.ts';

/** The shape of the file: every key may be left out or left empty, no other key may stand there. */
export function fileSchema({ members }: Group): z.ZodType {
  const shape = Object.entries(members).map(([name, entry]) => [fileKey(name, entry), entrySchema(entry)]);
  return z.strictObject(Object.fromEntries(shape));
}

function entrySchema(entry: Settings[string]): z.ZodType {
  if (entry.type === 'group') return fileSchema(entry).nullish();
  if (entry.type === 'list') return listSchema(entry).nullish();
  return entry.required ? entry.kind.schema : entry.kind.schema.nullish();
}

function listSchema({ item, check }: GroupList): z.ZodType {
  return z.array(fileSchema(item)).superRefine((items, context) => {
    for (const [path, message] of check?.(items as Record<string, unknown>[]) ?? []) {
      context.addIssue({ code: 'custom', message, path });
    }
  });
}
