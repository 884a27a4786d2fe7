import { z } from 'zod';
import { exitCode, line, nameText, text, textsBy, whole } from './text.js';

const variableName = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a variable name: letters, digits and "_"' });

const httpCall = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .meta({ description: 'Address to call.', examples: ['https://x.test'] }),
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
    .optional()
    .meta({ description: 'Default POST.', examples: ['POST'] }),
  headers: textsBy(line(256, 1), line(4096))
    .optional()
    .meta({ description: 'Headers to send.', examples: [{}] }),
  body: text(65_536)
    .optional()
    .meta({ description: 'Body to send.', examples: ['{}'] }),
});

/** Fields that say what is run and with what around it. */
export const executionFields = {
  executor: z
    .enum(['shell', 'http', 'handler'])
    .optional()
    .meta({ description: 'How the job is run. Default shell; the others are not available in this version.' }),
  command: text(65_536, 1)
    .optional()
    .meta({
      description: 'Command of the shell executor, handed to `shell` as one argument.',
      examples: ['backup.sh'],
    }),
  http: httpCall.optional().meta({ description: 'Call of the http executor. Not available in this version.' }),
  handler: nameText
    .optional()
    .meta({ description: 'Handler of the handler executor. Not available in this version.', examples: ['resize'] }),
  payload: z
    .unknown()
    .optional()
    .meta({ description: 'What the handler is given. Not available in this version.', examples: [{ size: 3 }] }),
  shell: z
    .array(text(4096, 1))
    .min(1)
    .max(16)
    .optional()
    .meta({
      description: 'Argument vector the command is appended to. Default ["/bin/sh", "-c"].',
      examples: [['/bin/bash', '-euo', 'pipefail', '-c']],
    }),
  workingDirectory: text(4096, 1)
    .refine((path) => path.startsWith('/'), { error: 'must be an absolute path' })
    .optional()
    .meta({ description: "Where the process starts, absolute. Default: the worker's own.", examples: ['/srv/app'] }),
  user: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, { error: 'must be the name of a system user' })
    .optional()
    .meta({ description: "System user to run as. Default: the worker's own.", examples: ['backup'] }),
  env: textsBy(
    variableName.refine((name) => !name.startsWith('FLEETCRON_'), {
      error: 'FLEETCRON_ names are given by the worker',
    }),
    text(32_768),
  )
    .optional()
    .meta({ description: 'Environment variables of the process.', examples: [{ TZ: 'Europe/Berlin' }] }),
  secrets: z
    .array(nameText)
    .max(64)
    .optional()
    .meta({ description: 'Secrets the process gets as variables. Not available in this version.', examples: [[]] }),
  params: textsBy(variableName, text(32_768))
    .optional()
    .meta({
      description: 'Parameters with their default values; a run by hand may change them.',
      examples: [{ day: '1' }],
    }),
  successExitCodes: z
    .array(exitCode)
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'Exit codes that count as success. Default [0].', examples: [[0, 3]] }),
  outputLimitBytes: whole(1024, 67_108_864)
    .optional()
    .meta({ description: 'Bytes kept per stream, half head, half tail. Default 1048576.', examples: [1_048_576] }),
};
