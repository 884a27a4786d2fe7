import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Compiles the supervisor into `.cache/` and returns the path of its program. Fails when the supervisor loads anything
 * but Node's own modules: it must stay small. Run from the root of the repository; several processes may call it at once.
 */
export async function buildSupervisor(): Promise<string> {
  const { metafile, outputFiles } = await build({
    entryPoints: ['apps/worker/src/running/supervisor/main.ts'],
    outfile: '.cache/supervisor.mjs',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const strangers = Object.keys(metafile.inputs).filter((path) => !path.startsWith('apps/worker/src/running/'));
  if (strangers.length > 0) throw new Error(`the supervisor loads ${strangers.join(', ')}`);
  const [program] = outputFiles;
  if (!program) throw new Error('esbuild gave no output');
  const digest = createHash('sha256').update(program.contents).digest('hex').slice(0, 16);
  const path = resolve(`.cache/supervisor-${digest}.mjs`);
  await mkdir('.cache', { recursive: true });
  // Renamed into place, so that another process never sees half of it.
  await writeFile(`${path}.${process.pid}`, program.contents);
  await rename(`${path}.${process.pid}`, path);
  return path;
}
