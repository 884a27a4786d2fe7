import { buildProgram } from './build-program.js';

const HOME = 'apps/worker/src/running/';

/**
 * Compiles the supervisor and returns the path of its program. Fails when the supervisor loads anything from outside its
 * own folders: it must stay small.
 */
export async function buildSupervisor(): Promise<string> {
  const { path, sources } = await buildProgram(`${HOME}supervisor/main.ts`);
  const strangers = sources.filter((source) => !source.startsWith(HOME));
  if (strangers.length > 0) throw new Error(`the supervisor loads ${strangers.join(', ')}`);
  return path;
}
