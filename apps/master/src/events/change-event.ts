import { WatchEvent } from '@app/etcd';

/** One change somebody at a screen wants to hear of. */
export type ChangeEvent =
  | { readonly kind: 'job'; readonly name: string; readonly change: 'changed' | 'deleted' }
  | { readonly kind: 'worker'; readonly id: string; readonly change: 'changed' | 'gone' }
  | {
      readonly kind: 'run';
      readonly id: string;
      readonly jobName: string;
      /** `queued`, `running`, or how it ended. */
      readonly status: string;
      readonly scheduledTime?: string;
      readonly worker?: string;
      readonly attempt?: number;
    };

/** What a change in the store means; undefined for one that concerns nobody: cursors, locks, beats, accounts. */
export function changeOf(event: WatchEvent, prefix: string): ChangeEvent | undefined {
  const key = event.kind === 'put' ? event.entry.key : event.key;
  const [room, name, id] = key.slice(prefix.length + 1).split('/');
  if (!name) {
    return undefined;
  }
  switch (room) {
    case 'jobs':
      return { kind: 'job', name, change: event.kind === 'put' ? 'changed' : 'deleted' };
    case 'workers':
      return { kind: 'worker', id: name, change: event.kind === 'put' ? 'changed' : 'gone' };
    case 'runs':
    case 'requests':
      // A run's key goes when history has it, a request's when it was claimed: neither is news.
      return event.kind === 'put' && id ? runChange(room, name, id, event.entry.value) : undefined;
    default:
      return undefined;
  }
}

function runChange(room: 'runs' | 'requests', jobName: string, id: string, value: Buffer): ChangeEvent | undefined {
  const entry = objectIn(value);
  if (!entry) {
    return undefined;
  }
  const result = entry.result as { status?: unknown } | undefined;
  const status = room === 'requests' ? 'queued' : (text(result?.status) ?? 'running');
  return {
    kind: 'run',
    id,
    jobName,
    status,
    scheduledTime: text(entry.scheduledTime),
    worker: text(entry.worker),
    attempt: typeof entry.attempt === 'number' ? entry.attempt : undefined,
  };
}

function objectIn(value: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
