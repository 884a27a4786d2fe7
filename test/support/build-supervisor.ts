import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Compiles the supervisor into `.cache/` and returns the path of its program. Fails when the supervisor loads anything
 * but Node's own modules: it must stay small. Safe to call from several test processes at once.
 */
export async function buildSupervisor(): Promise<string> {
  const outfile = `${root}.cache/supervisor-${process.pid}/main.mjs`;
  const { metafile } = await build({
    entryPoints: [`${root}apps/worker/src/running/supervisor/main.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'silent',
  });
  const strangers = Object.keys(metafile.inputs).filter((path) => !path.startsWith('apps/worker/src/running/'));
  if (strangers.length > 0) throw new Error(`the supervisor loads ${strangers.join(', ')}`);
  return outfile;
}
