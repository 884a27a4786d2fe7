import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEnd } from '@app/jobs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFilesInMemory } from '../../../../../test/support/journal-files-in-memory.js';
import { Journal, ROTATE_AT_BYTES } from './journal.js';
import { decodeEntry, encodeEntry } from './journal-entry.js';
import { JournalFolder } from './journal-files.js';
import { MAX_UNSETTLED, testify } from './journal-state.js';
import { readJournal } from './read-journal.js';

const SELF = { boot: 'boot-1', pid: 42, ticks: 7, worker: 'w' };
const END: RunEnd = {
  runId: 'r',
  startTime: 1,
  endTime: 2,
  exitCode: 0,
  outputBytes: 0,
  outputTruncated: false,
  outputTail: '',
  errTail: '',
};

let disk: JournalFilesInMemory;
let journal: Journal;

beforeEach(async () => {
  disk = new JournalFilesInMemory();
  journal = await Journal.open(disk, SELF);
});

afterEach(() => journal.close());

function spawning(run: string): Promise<void> {
  return journal.write({ t: 'spawning', run, job: 'j', session: 's1' });
}

async function states(files = disk): Promise<Record<string, string>> {
  return Object.fromEntries([...(await readJournal(files)).runs].map((run) => [run.runId, testify(run).state]));
}

describe('what a journal testifies', () => {
  it('follows a run from its spawning to its end', async () => {
    await spawning('r');
    expect(await states()).toEqual({ r: 'mayHaveStarted' });
    journal.note({ t: 'pid', run: 'r', pid: 5, ticks: 6, at: 7 });
    await spawning('other');
    expect(await states()).toEqual({ r: 'mayHaveStarted', other: 'mayHaveStarted' });
    journal.note({ t: 'ended', run: 'r', end: END });
    journal.note({ t: 'never', run: 'other' });
    await journal.close();
    expect(await states()).toEqual({ r: 'ended', other: 'neverStarted' });
    const run = (await readJournal(disk)).run('r');
    expect(run).toMatchObject({ boot: 'boot-1', pid: 5, ticks: 6, startTime: 7, session: 's1', end: END });
  });

  it('follows a run to another session, and forgets it once it is settled', async () => {
    await spawning('r');
    journal.note({ t: 'bind', run: 'r', session: 's2' });
    await spawning('x');
    expect((await readJournal(disk)).run('r')?.session).toBe('s2');
    journal.note({ t: 'settled', run: 'r' });
    await spawning('y');
    expect(await states()).toEqual({ x: 'mayHaveStarted', y: 'mayHaveStarted' });
  });

  it('is carried over to the next writer, with the boot under which it happened', async () => {
    await journal.write({ t: 'session', session: 's1' });
    await spawning('r');
    journal = await Journal.open(disk, { ...SELF, boot: 'boot-2', pid: 43 });
    await spawning('x');
    const state = await readJournal(disk);
    expect([state.run('r')?.boot, state.run('x')?.boot]).toEqual(['boot-1', 'boot-2']);
    expect(state.writer).toMatchObject({ boot: 'boot-2', pid: 43 });
    expect(state.sessions).toEqual(['s1']);
    expect(disk.contents.size).toBe(1);
  });
});

describe('a start', () => {
  it('is on the disk before it is done: a power failure does not take it back', async () => {
    await spawning('r');
    journal.note({ t: 'pid', run: 'r', pid: 5, at: 7 });
    expect(await states(disk.afterPowerLoss())).toEqual({ r: 'mayHaveStarted' });
  });

  it('leaves for the system at once where it names what nobody could find without it', async () => {
    await spawning('r');
    journal.noteNow({ t: 'pid', run: 'r', pid: 5, at: 7 });
    await new Promise((resolve) => setImmediate(resolve));
    expect((await readJournal(disk)).run('r')).toMatchObject({ pid: 5 });
  });

  it('shares its sync with those that come while the disk is busy', async () => {
    await spawning('first');
    const before = disk.syncs;
    let open = (): void => {};
    disk.gate = new Promise((resolve) => {
      open = resolve;
    });
    const writes = Array.from({ length: 100 }, (_, index) => spawning(`r${index}`));
    open();
    await Promise.all(writes);
    expect(disk.syncs - before).toBeLessThanOrEqual(2);
    expect(Object.keys(await states())).toHaveLength(101);
  });

  it('is refused when the disk is full, and works again when it is not', async () => {
    await spawning('r');
    disk.room = 10;
    await expect(spawning('full')).rejects.toThrow('ENOSPC');
    await expect(spawning('still full')).rejects.toThrow('ENOSPC');
    expect(disk.contents.size).toBe(1);
    journal.note({ t: 'never', run: 'full' });
    journal.note({ t: 'never', run: 'still full' });
    disk.room = Number.POSITIVE_INFINITY;
    await spawning('again');
    const state = await readJournal(disk);
    expect(await states()).toEqual({
      r: 'mayHaveStarted',
      full: 'neverStarted',
      'still full': 'neverStarted',
      again: 'mayHaveStarted',
    });
    expect(state.mayHide('s1')).toBe(false);
  });

  it('is refused when the sync fails, and the file is not trusted any more', async () => {
    await spawning('r');
    const [before] = await disk.list();
    disk.failSync = true;
    await expect(spawning('lost')).rejects.toThrow('EIO');
    disk.failSync = false;
    await spawning('again');
    expect(await disk.list()).not.toContain(before);
    expect(Object.keys(await states())).toEqual(['r', 'lost', 'again']);
  });
});

describe('damage', () => {
  it('of a line that was being written is passed over', async () => {
    await journal.write({ t: 'session', session: 's1' });
    await spawning('r');
    journal.note({ t: 'ended', run: 'r', end: END });
    await journal.close();
    for (let keep = 0; keep < 80; keep += 1) {
      const after = await readJournal(disk.afterPowerLoss(keep));
      expect(after.run('r')).toBeDefined();
    }
    const [number = 0] = await disk.list();
    const whole = await disk.read(number);
    disk.contents.set(number, whole.subarray(0, whole.length - 5));
    const state = await readJournal(disk);
    expect(state.run('r')?.state).toBe('spawning');
    expect(state.sessions).toEqual(['s1']);
  });

  it('of any other line takes the proof from absence', async () => {
    await journal.write({ t: 'session', session: 's1' });
    await spawning('r');
    const [number = 0] = await disk.list();
    const text = (await disk.read(number)).toString();
    disk.contents.set(number, Buffer.from(text.replace('"j"', '"k"')));
    const state = await readJournal(disk);
    expect([state.sessions, state.mayHide('s1'), state.run('r')]).toEqual([[], true, undefined]);
  });

  it.each(['', '00000000 ', 'deadbeef {"t":"open"}', encodeEntry({ t: 'settled', run: 'r' }).slice(0, -2)])(
    'shows in the line %j',
    (line) => {
      expect(decodeEntry(line)).toBeUndefined();
    },
  );
});

describe('the size of a journal', () => {
  it('is bounded by what runs: the file is followed by one that begins with what still matters', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetcron-journal-'));
    journal = await Journal.open(new JournalFolder(folder), SELF);
    await spawning('long-lived');
    for (let i = 0; i < 30_000; i += 1) {
      journal.note({ t: 'spawning', run: `run-${i}`, job: 'j'.repeat(100), session: 's1' });
      journal.note({ t: 'ended', run: `run-${i}`, end: END });
      journal.note({ t: 'settled', run: `run-${i}` });
      if (i % 500 === 0) await spawning(`sync-${i}`);
    }
    await journal.close();
    const names = await readdir(folder);
    expect(names).toHaveLength(1);
    expect((await stat(join(folder, names[0] ?? ''))).size).toBeLessThan(ROTATE_AT_BYTES + 500_000);
    expect((await readJournal(new JournalFolder(folder))).run('long-lived')?.state).toBe('spawning');
    await rm(folder, { recursive: true });
  });

  it('is bounded when nobody settles: the oldest ends go, and absence proves nothing for their session', async () => {
    await journal.write({ t: 'session', session: 's1' });
    for (let i = 0; i <= MAX_UNSETTLED; i += 1) {
      journal.note({ t: 'spawning', run: `run-${i}`, job: 'j', session: 's1' });
      journal.note({ t: 'ended', run: `run-${i}`, end: END });
    }
    await journal.close();
    const state = await readJournal(disk);
    expect([state.run('run-0'), state.run('run-1')?.state]).toEqual([undefined, 'ended']);
    expect([state.sessions, state.mayHide('s1'), state.mayHide('s2')]).toEqual([[], true, false]);
  });
});
