import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const PROGRAM = resolve('.cache/tell');

/**
 * Compiles `tell.c` with the C compiler of the PATH and gives its path. Throws where there is none: without it nobody
 * but the product would say what happened.
 */
export function buildTell(): string {
  mkdirSync('.cache', { recursive: true });
  const { status, stderr, error } = spawnSync('cc', ['-O2', '-static', '-o', PROGRAM, 'test/faults/tell.c']);
  if (status !== 0) throw new Error(`tell.c could not be compiled: ${error?.message ?? stderr.toString()}`);
  return PROGRAM;
}
