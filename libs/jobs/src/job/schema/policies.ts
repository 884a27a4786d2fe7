import { z } from 'zod';
import { exitCode, line, nameText, textsBy, whole } from './text.js';

const routing = z.strictObject({
  mode: z
    .enum(['any', 'broadcast', 'shard'])
    .optional()
    .meta({ description: 'Default any; the others are not available in this version.', examples: ['any'] }),
  shards: whole(1, 1000)
    .optional()
    .meta({ description: 'Number of shards. Not available in this version.', examples: [4] }),
  worker: line(256, 1)
    .optional()
    .meta({ description: 'Only the worker of this id.', examples: ['db1-7f3a'] }),
  selector: textsBy(nameText, line(256))
    .optional()
    .meta({ description: 'Only workers that carry all these labels.', examples: [{ disk: 'ssd' }] }),
});

const retry = z.strictObject({
  limit: whole(0, 100).meta({ description: 'Attempts after the first.', examples: [3] }),
  delaySeconds: whole(0, 86_400)
    .optional()
    .meta({ description: 'Before the second attempt. Default 10.', examples: [10] }),
  factor: z
    .number()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Each delay is the one before times this. Default 2.', examples: [2] }),
  maxDelaySeconds: whole(0, 604_800)
    .optional()
    .meta({ description: 'No delay is longer. Default 3600.', examples: [3600] }),
  onExitCodes: z
    .array(exitCode)
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'Retry only on these. Default: on any failure.', examples: [[75]] }),
});

const dependency = z.strictObject({
  job: nameText.meta({ description: 'The job to run after.', examples: ['extract'] }),
  on: z.enum(['success', 'failure', 'finish']).meta({ description: 'After which ending.', examples: ['success'] }),
});

/** Fields that say where it runs, how often at once, and what follows when something goes wrong. */
export const policyFields = {
  routing: routing.optional().meta({ description: 'Which workers of the group may run the job.' }),
  concurrencyPolicy: z.enum(['forbid', 'allow', 'queue', 'replace']).optional().meta({
    description: 'What a fire does while a run is on. Default forbid; queue and replace: not in this version.',
  }),
  maxConcurrent: whole(1, 1000)
    .optional()
    .meta({ description: 'Runs at once under allow. Default: no limit.', examples: [3] }),
  misfirePolicy: z
    .enum(['runOnce', 'skip', 'runAll'])
    .optional()
    .meta({ description: 'What becomes of fires found later than startingDeadlineSeconds. Default runOnce.' }),
  startingDeadlineSeconds: whole(1, 86_400)
    .optional()
    .meta({ description: 'A fire found later than this is a misfire. Default 60.', examples: [60] }),
  misfireWindowSeconds: whole(0, 31_622_400)
    .optional()
    .meta({ description: 'Misfires older than this are missed. Default 86400.', examples: [86_400] }),
  timeoutSeconds: whole(1, 31_622_400)
    .optional()
    .meta({ description: 'A run is ended after this time. Default: no timeout.', examples: [3600] }),
  killGraceSeconds: whole(0, 3600)
    .optional()
    .meta({ description: 'From TERM to KILL. Default 10.', examples: [10] }),
  retry: retry.optional().meta({ description: 'Attempts after a failure. Default: none.' }),
  onLost: z
    .enum(['record', 'retry'])
    .optional()
    .meta({ description: 'What follows a run whose worker vanished. Default record.', examples: ['record'] }),
  lostAfterSeconds: whole(5, 86_400)
    .optional()
    .meta({ description: 'A run whose worker is away this long is lost. Default 60.', examples: [60] }),
  after: z
    .array(dependency)
    .max(16)
    .optional()
    .meta({ description: 'Not available in this version.', examples: [[]] }),
  alerts: z
    .unknown()
    .optional()
    .meta({ description: 'Not available in this version.', examples: [[]] }),
};
