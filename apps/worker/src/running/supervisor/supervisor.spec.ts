import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { uptime } from 'node:os';
import type { OutputPiece } from '@app/jobs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFilesInMemory } from '../../../../../test/support/journal-files-in-memory.js';
import { scriptOrder } from '../../../../../test/support/start-order.js';
import { until } from '../../../../../test/support/until.js';
import { Journal } from '../journal/journal.js';
import { readJournal } from '../journal/read-journal.js';
import { readBootId, readProcess } from '../processes/process-table.js';
import { Sweeper } from '../processes/sweeper.js';
import { SystemUsers } from '../processes/system-user.js';
import type { ToWorker } from '../wire/messages.js';
import { systemClocks } from './clocks.js';
import { PosixSpawn } from './posix-spawn.js';
import { Spawner } from './spawner.js';
import { Supervisor } from './supervisor.js';

const posixSpawn = await PosixSpawn.load(console.error);
let disk: JournalFilesInMemory;
let told: ToWorker[];
let supervisor: Supervisor;
let bootShiftMs: number;
let hasRoom: boolean;
let room: () => void;

beforeEach(async () => {
  disk = new JournalFilesInMemory();
  told = [];
  bootShiftMs = 0;
  hasRoom = true;
  supervisor = await supervisorOn({ boot: 'b', pid: 1 }, []);
});

async function supervisorOn(writer: { boot: string; pid: number }, earlierSessions: string[]): Promise<Supervisor> {
  return new Supervisor({
    workerId: 'w',
    earlierSessions,
    journal: await Journal.open(disk, { ...writer, worker: 'w' }),
    worker: {
      tell: (message) => told.push(message),
      canTake: () => hasRoom,
      whenRoom: (call) => {
        room = call;
      },
      send: ({ data: _, ...piece }: OutputPiece) => told.push({ t: 'output', piece }),
    },
    sweeper: new Sweeper(),
    users: new SystemUsers(),
    spawner: new Spawner(posixSpawn),
    means: { uid: process.getuid?.() ?? 0 },
    clocks: { ...systemClocks, boot: () => systemClocks.boot() + bootShiftMs },
  });
}

afterEach(async () => {
  hasRoom = true;
  room();
  await supervisor.close(0);
});

function answer(runId: string, t: 'ended' | 'refused'): Promise<ToWorker> {
  return until(`${t} for ${runId}`, () =>
    told.find((message) =>
      message.t === 'refused'
        ? t === 'refused' && message.refusal.runId === runId
        : message.t === 'ended' && t === 'ended' && message.end.runId === runId,
    ),
  );
}

describe('a supervisor', () => {
  it('starts nothing that it cannot journal, and starts again when it can', async () => {
    disk.room = 0;
    const refused = scriptOrder('echo started');
    supervisor.handle({ t: 'start', order: refused });
    expect(await answer(refused.runId, 'refused')).toMatchObject({ refusal: { why: 'journal' } });
    disk.room = Number.POSITIVE_INFINITY;
    const order = scriptOrder('exit 5');
    supervisor.handle({ t: 'start', order });
    expect(await answer(order.runId, 'ended')).toMatchObject({ end: { exitCode: 5 } });
    expect(told.filter((message) => message.t === 'started')).toHaveLength(1);
  });

  it('compares the time of a start immediately before it, not when the order comes', async () => {
    let open = (): void => {};
    disk.gate = new Promise((resolve) => {
      open = resolve;
    });
    const order = scriptOrder('exit 0', { notAfterBootMs: uptime() * 1_000 + 5_000 });
    supervisor.handle({ t: 'start', order });
    bootShiftMs = 6_000;
    open();
    expect(await answer(order.runId, 'refused')).toMatchObject({ refusal: { why: 'tooLate' } });
    expect((await readJournal(disk)).run(order.runId)?.state).toMatch(/never|spawning/);
  });

  it('counts a suspended machine against the deadline of a session', async () => {
    const order = scriptOrder('sleep 60', { ownershipGraceMs: 10_000 });
    supervisor.handle({ t: 'deadline', session: 'session-1', bootMs: systemClocks.boot() });
    supervisor.handle({ t: 'start', order });
    await until('the start', () => told.some((message) => message.t === 'started'));
    bootShiftMs = 60_000;
    expect(await answer(order.runId, 'ended')).toMatchObject({ end: { killedFor: 'ownership' } });
  });

  it('takes an order once, however often it comes', async () => {
    const order = scriptOrder('exit 0');
    supervisor.handle({ t: 'start', order });
    supervisor.handle({ t: 'start', order });
    await answer(order.runId, 'ended');
    expect(told.filter((message) => message.t === 'started')).toHaveLength(1);
  });

  it('tells an end after all output of its run, and journals it before', async () => {
    hasRoom = false;
    const order = scriptOrder('echo said; exit 3');
    supervisor.handle({ t: 'start', order });
    await until('the end in the journal', async () => (await readJournal(disk)).run(order.runId)?.state === 'ended');
    expect(told.map((message) => message.t)).toEqual(['started']);
    hasRoom = true;
    room();
    await answer(order.runId, 'ended');
    expect(told.map((message) => message.t)).toEqual(['started', 'output', 'ended']);
  });

  it('closes once everything was told', async () => {
    hasRoom = false;
    const order = scriptOrder('echo said; exec sleep 60');
    supervisor.handle({ t: 'start', order });
    await until('the start', () => told.some((message) => message.t === 'started'));
    const closed = supervisor.close(0).then(() => told.at(-1)?.t);
    await until('the end in the journal', async () => (await readJournal(disk)).run(order.runId)?.state === 'ended');
    hasRoom = true;
    room();
    expect(await closed).toBe('ended');
  });

  it('tells after the death of its worker what became of each run', async () => {
    const [running, ended, waiting] = [scriptOrder('sleep 60'), scriptOrder('exit 2'), scriptOrder('exit 0')];
    supervisor.handle({ t: 'deadline', session: 'session-1', bootMs: Number.MAX_SAFE_INTEGER });
    supervisor.handle({ t: 'start', order: running });
    supervisor.handle({ t: 'start', order: ended });
    await answer(ended.runId, 'ended');
    supervisor.handle({ t: 'start', order: waiting });
    const words = await supervisor.bury();
    expect(words).toMatchObject({ session: 'session-1', workerId: 'w', proven: true, isWhole: true });
    const states = Object.fromEntries(words.runs.map((run) => [run.runId, run.state]));
    expect(states).toEqual({ [running.runId]: 'killed', [ended.runId]: 'ended', [waiting.runId]: 'neverStarted' });
  });

  it('says after the death of its worker that its journal had to forget some of what was started', async () => {
    const earlier = await Journal.open(disk, { boot: readBootId(), pid: 1, worker: 'w' });
    earlier.note({ t: 'session', session: 's1' });
    earlier.note({ t: 'uncovered', session: 's1' });
    await earlier.close();
    const second = await supervisorOn({ boot: readBootId(), pid: 2 }, ['s1']);
    expect(await second.bury()).toMatchObject({ isWhole: false, runs: [] });
  });

  it('kills, and calls proven only then, what a supervisor before it left', async () => {
    const left = spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore', env: { FLEETCRON_RUN_ID: 'left' } });
    const gone = once(left, 'exit');
    const pid = left.pid!;
    const earlier = await Journal.open(disk, { boot: readBootId(), pid: 1, worker: 'w' });
    earlier.note({ t: 'session', session: 's1' });
    await earlier.write({ t: 'spawning', run: 'left', job: 'job', session: 's1' });
    await earlier.write({ t: 'pid', run: 'left', pid, ticks: readProcess(pid)?.startTicks, at: Date.now() });
    await earlier.close();
    const second = await supervisorOn({ boot: readBootId(), pid: 2 }, ['s1']);
    expect(await second.bury()).toMatchObject({
      proven: true,
      isWhole: true,
      runs: [{ runId: 'left', state: 'killed' }],
    });
    expect((await gone)[1]).toBe('SIGKILL');
  });
});
