import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** A piece of source that is to read otherwise. */
export interface Replacement {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** Must stand exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/**
 * Compiles the simulation, with the product's code as it stands or with some pieces replaced, into one program under
 * `.cache/` and returns its absolute path. Packages stay outside. Run from the root of the repository; several processes
 * may call it at once. Throws when the text to replace is not there exactly once, or its file is not part of the program:
 * a mutant that changes nothing would pass for one that nobody sees.
 */
export async function bundleSimulation(replacements: readonly Replacement[] = []): Promise<string> {
  const unused = new Set(replacements.map(({ file }) => resolve(file)));
  const { outputFiles } = await build({
    entryPoints: ['test/simulation/run-seeds.ts'],
    outfile: '.cache/simulation.mjs',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    alias: Object.fromEntries(
      ['etcd', 'jobs', 'logs', 'platform'].map((name) => [`@app/${name}`, resolve(`libs/${name}/src/index.ts`)]),
    ),
    plugins: [replacing(replacements, (path) => unused.delete(path))],
    write: false,
    logLevel: 'silent',
  });
  const [program] = outputFiles;
  if (!program) throw new Error('esbuild gave no output for the simulation');
  for (const path of unused) throw new Error(`${relative('.', path)} is not part of the simulation`);
  return keep(program.contents);
}

/** The text with each piece replaced. Throws, naming the piece, when one does not stand there exactly once. */
export function replaceOnce(text: string, replacements: readonly Replacement[]): string {
  let changed = text;
  for (const { file, find, replace } of replacements) {
    const parts = changed.split(find);
    if (parts.length !== 2) throw new Error(`stands ${parts.length - 1} times in ${file}, not once: ${find}`);
    changed = parts.join(replace);
  }
  return changed;
}

function replacing(replacements: readonly Replacement[], onLoaded: (path: string) => void): Plugin {
  return {
    name: 'replacing',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const wanted = replacements.filter(({ file }) => resolve(file) === path);
        if (wanted.length === 0) return undefined;
        onLoaded(path);
        return { contents: replaceOnce(await readFile(path, 'utf8'), wanted), loader: 'ts' };
      });
    },
  };
}

/** Named by its contents and renamed into place, so that another process never sees half of it. */
async function keep(program: Uint8Array): Promise<string> {
  const digest = createHash('sha256').update(program).digest('hex').slice(0, 16);
  const path = resolve(`.cache/simulation-${digest}.mjs`);
  await mkdir('.cache', { recursive: true });
  await writeFile(`${path}.${process.pid}`, program);
  await rename(`${path}.${process.pid}`, path);
  return path;
}
