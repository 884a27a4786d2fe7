import { z } from 'zod';

const segment = (description: string, example: string) => z.string().min(1).max(512).meta({ description, example });

/** Parts of paths. What they name may be there or not; that is the answer's business. */
export const jobNameParam = segment('Name of the job.', 'nightly-report');
export const runIdParam = segment('Id of the run.', '01J9ZQ4V7M2N8K3T5R6W1X0YBC');
export const workerIdParam = segment('Id of the worker.', 'db1-7f3a');
export const usernameParam = segment('Name of the user.', 'ann');
export const tokenIdParam = segment('Id of the token.', '9f86d081884c7d65');
export const revisionParam = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a revision')
  .meta({ description: 'Revision of the earlier definition.', example: '1200' });
