import { Run } from '@app/jobs';
import { EmbeddedHistory } from '@app/logs';
import { ManualClock, StoreUnavailable } from '@app/platform';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerEvent, SseStream } from '../http/sse.js';
import { OutputTail } from './output-tail.js';
import { RunList } from './run-list.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const basics = { jobName: 'job', trigger: 'schedule', scheduledTime: NOON, count: 1, attempt: 1 } as const;
const ended: Run = { ...basics, id: 'r', rootRunId: 'r', status: 'succeeded', startTime: NOON, outputBytes: 9 };
const piece = { runId: 'r', jobName: 'job', stream: 'stdout', at: NOON, cutBefore: 0 } as const;

describe('the tail of the output of a run that is over, as the live runs tell', () => {
  let history: EmbeddedHistory;
  let clock: ManualClock;
  let sent: ServerEvent[];
  let followed: Promise<void>;

  beforeEach(() => {
    history = new EmbeddedHistory(':memory:');
    clock = new ManualClock({ now: NOON });
    sent = [];
    const closing = new AbortController();
    const stream = {
      closed: closing.signal,
      send: (event: ServerEvent) => sent.push(event),
      drained: async () => {},
      close: () => closing.abort(),
    } as unknown as SseStream;
    const find = async () => ended;
    const runs = new RunList(history, { list: () => [ended], find, seek: find });
    followed = new OutputTail(history, runs, clock).follow(ended, stream, 0);
  });
  afterEach(() => history.close());

  const events = () => sent.map(({ event }) => event);
  const pass = (ms: number) => clock.advanceAsync(ms);

  it('does not end while history does not answer', async () => {
    const away = vi.spyOn(history, 'findOutput').mockRejectedValue(new StoreUnavailable('read output', 'notDone'));
    await pass(60_000);
    expect(events()).toEqual(['status']);
    away.mockRestore();
    await history.writeOutput([{ ...piece, seq: 0, offset: 0, data: Buffer.from('all of it') }]);
    await pass(1_000);
    await followed;
    expect(events()).toEqual(['status', 'output', 'end']);
  });

  it('does not end before history has the end, which comes after all output, and a while after that', async () => {
    await history.writeOutput([{ ...piece, seq: 0, offset: 0, data: Buffer.from('all') }]);
    await pass(60_000);
    expect(events()).toEqual(['status', 'output']);
    await history.writeRuns([ended]);
    await pass(4_000);
    expect(events()).toEqual(['status', 'output']);
    await pass(2_000);
    await followed;
    expect(events()).toEqual(['status', 'output', 'end']);
  });
});
