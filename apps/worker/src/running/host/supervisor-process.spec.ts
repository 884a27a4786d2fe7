import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SupervisorConfig } from '../wire/messages.js';
import { SupervisorProcess } from './supervisor-process.js';

/** Dies at once, and leaves a child behind that holds its end of the link, as one does that hangs before its exec. */
const LEAVES_A_HOLDER = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const { journalFolder } = JSON.parse(process.argv[2]);
const child = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 3] });
writeFileSync(journalFolder, String(child.pid));
process.exit(1);
`;

describe('a supervisor that died', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-supervisor-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is gone, though a child of it holds the link', async () => {
    const program = join(folder, 'program.mjs');
    const pidFile = join(folder, 'pid');
    await writeFile(program, LEAVES_A_HOLDER);
    const config: SupervisorConfig = {
      journalFolder: pidFile,
      workerId: 'w1',
      lastWords: undefined,
      earlierSessions: [],
    };
    await new Promise<void>((gone) => new SupervisorProcess(program, config, { message: () => {}, gone }));
    const holder = Number(await readFile(pidFile, 'utf8'));
    expect(process.kill(holder, 'SIGKILL')).toBe(true);
  });
});
