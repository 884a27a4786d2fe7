import { InvariantBroken } from '@app/platform';
import { z } from 'zod';

/** The name a schema has in the API document. Throws InvariantBroken for one that has none. */
export function schemaName(schema: z.ZodType): string {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) {
    throw new InvariantBroken('A schema of the API document has no name.');
  }
  return id;
}
