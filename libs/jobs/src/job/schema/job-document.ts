import { z } from 'zod';
import { executionFields } from './execution.js';
import { identityFields } from './identity.js';
import { policyFields } from './policies.js';
import { timingFields } from './timing.js';

/**
 * The job document as people write it, field by field: the one source of type, check and API document. What fields must
 * be to each other is checked by `parseJobDocument`.
 */
export const jobDocumentSchema = z
  .strictObject({ ...identityFields, ...timingFields, ...executionFields, ...policyFields })
  .meta({
    description: 'A job. All fields but name are optional; unknown ones are refused by name.',
    examples: [{ name: 'hello', command: 'echo hello', cronExpr: '*/5 * * * *' }],
  });

/** A document that satisfies `jobDocumentSchema`. */
export type WrittenJob = z.infer<typeof jobDocumentSchema>;
