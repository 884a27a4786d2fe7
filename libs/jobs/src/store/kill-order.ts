import { readObject } from './json.js';

/** What a put under `killer/NAME` asks for. An empty or foreign value means: all runs of the job. */
export interface KillOrder {
  /** Only this run; undefined: every run whose fence is older than the put. */
  readonly runId?: string;
  readonly by: string;
  readonly why: string;
}

export function writeKillOrder(order: KillOrder): string {
  return JSON.stringify({ v: 1, ...order });
}

/** Never refuses: whoever puts something there wants something dead. */
export function readKillOrder(value: Buffer): KillOrder {
  const raw = readObject(value) ?? {};
  const text = (field: string): string | undefined =>
    typeof raw[field] === 'string' ? (raw[field] as string) : undefined;
  const runId = text('runId') ?? text('run');
  return { ...(runId ? { runId } : {}), by: text('by') ?? 'etcd', why: text('why') ?? text('reason') ?? 'killer key' };
}
