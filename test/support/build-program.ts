import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** A program compiled for a test. */
export interface BuiltProgram {
  /** Absolute path, to be run with node. */
  readonly path: string;
  /** Source files it is made of, relative to the root of the repository. */
  readonly sources: readonly string[];
}

/**
 * Compiles a TypeScript program with all of ours that it imports into `.cache/`; packages stay outside. Run from the root
 * of the repository; several processes may call it at once.
 */
export async function buildProgram(entry: string): Promise<BuiltProgram> {
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    outfile: '.cache/program.mjs',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    alias: Object.fromEntries(['etcd', 'jobs', 'logs', 'platform'].map((name) => [`@app/${name}`, libraryPath(name)])),
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [program] = outputFiles;
  if (!program) throw new Error(`esbuild gave no output for ${entry}`);
  const digest = createHash('sha256').update(program.contents).digest('hex').slice(0, 16);
  const path = resolve(`.cache/program-${digest}.mjs`);
  await mkdir('.cache', { recursive: true });
  // Renamed into place, so that another process never sees half of it.
  await writeFile(`${path}.${process.pid}`, program.contents);
  await rename(`${path}.${process.pid}`, path);
  return { path, sources: Object.keys(metafile.inputs) };
}

function libraryPath(name: string): string {
  return resolve(`libs/${name}/src/index.ts`);
}
