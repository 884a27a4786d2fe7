// Brings up a local etcd and MongoDB in the foreground, and says how to start masters and workers on them: `npm run services`

import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const outfile = resolve('.cache/services.mjs');
await build({
  entryPoints: ['test/support/services.program.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
