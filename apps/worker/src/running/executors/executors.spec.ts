import { type Job, parseJobDocument, type RunHost, type RunHostListener, type StartOrder } from '@app/jobs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Executor, RunContext } from './executor.js';
import { Executors } from './executors.js';
import { ShellExecutor } from './shell-executor.js';

/** Writes down what it is told. */
class NotedHost implements RunHost {
  readonly calls: unknown[][] = [];
  listen = (listener: RunHostListener): unknown => this.calls.push(['listen', listener]);
  start = (order: StartOrder): unknown => this.calls.push(['start', order.runId]);
  kill = (runId: string): unknown => this.calls.push(['kill', runId]);
  setSessionDeadline = (session: string, at: number): unknown => this.calls.push(['deadline', session, at]);
  isAble = true;
  canStart = async (): Promise<boolean> => this.isAble;
  rebind = (runId: string, session: string): unknown => this.calls.push(['rebind', runId, session]);
}

const CONTEXT: RunContext = {
  runId: 'r',
  session: 's',
  holdsLock: false,
  notAfterBootMs: 0,
  scheduledTime: 0,
  attempt: 1,
  fence: '1',
};
const { job } = parseJobDocument({ name: 'j', command: 'true' });
const httpJob: Job = { ...job, executor: 'http' };

let shellHost: NotedHost;
let httpHost: NotedHost;
let executors: Executors;

beforeEach(() => {
  shellHost = new NotedHost();
  httpHost = new NotedHost();
  const shell = new ShellExecutor(shellHost, {});
  const http: Executor = {
    kind: 'http',
    host: httpHost,
    order: (each, context) => ({ ...shell.order(each, context) }),
  };
  executors = new Executors([shell, http]);
});

describe('executors', () => {
  it('start a run where the executor of its job starts them', () => {
    executors.start(executors.order(job, CONTEXT));
    executors.start(executors.order(httpJob, { ...CONTEXT, runId: 'h' }));
    expect([shellHost.calls, httpHost.calls]).toEqual([[['start', 'r']], [['start', 'h']]]);
  });

  it('tell every host what concerns runs and sessions', () => {
    executors.kill('r');
    executors.rebind('r', 's2');
    executors.setSessionDeadline('s2', 5);
    executors.settled('r');
    const told = [
      ['kill', 'r'],
      ['rebind', 'r', 's2'],
      ['deadline', 's2', 5],
    ];
    expect([shellHost.calls, httpHost.calls]).toEqual([told, told]);
  });

  it('can start runs when every host can', async () => {
    expect(await executors.canStart()).toBe(true);
    httpHost.isAble = false;
    expect(await executors.canStart()).toBe(false);
    httpHost.canStart = () => Promise.reject(new Error('ENOSPC'));
    await expect(executors.canStart()).rejects.toThrow('ENOSPC');
  });

  it('say when there is none for a job, and refuse orders of strangers', () => {
    expect(() => executors.order({ ...job, executor: 'handler' }, CONTEXT)).toThrow('no executor "handler"');
    expect(() => executors.start({ ...executors.order(job, CONTEXT) })).toThrow('was not made by');
  });
});
