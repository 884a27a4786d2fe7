import { WatchEvent } from '@app/etcd';
import { RunStatus, readRequest, readRunEntry } from '@app/jobs';
import { iso } from '../api/fields.js';

/** One change somebody at a screen wants to hear of. */
export type ChangeEvent =
  | { readonly kind: 'job'; readonly name: string; readonly change: 'changed' | 'deleted' }
  | { readonly kind: 'worker'; readonly id: string; readonly change: 'changed' | 'gone' }
  | {
      readonly kind: 'run';
      readonly id: string;
      readonly jobName: string;
      readonly status: RunStatus;
      readonly scheduledTime: string;
      /** Absent while it waits for any worker. */
      readonly worker?: string;
      readonly attempt: number;
    };

/**
 * Whether a change in the store may concern somebody, by its key alone. A run's key goes when history has it, a request's
 * when it was claimed: neither is news.
 */
export function mayConcern(event: WatchEvent, prefix: string): boolean {
  const key = event.kind === 'put' ? event.entry.key : event.key;
  const below = key.slice(prefix.length + 1);
  return (
    NEWS.some((room) => below.startsWith(room)) || (event.kind === 'put' && RUNS.some((room) => below.startsWith(room)))
  );
}

const NEWS = ['jobs/', 'workers/'] as const;
const RUNS = ['runs/', 'requests/'] as const;

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
      return event.kind === 'put' && id ? runChange(room, event.entry.value) : undefined;
    default:
      return undefined;
  }
}

function runChange(room: 'runs' | 'requests', value: Buffer): ChangeEvent | undefined {
  const run = room === 'runs' ? readRunEntry(value) : undefined;
  const entry = run ?? (room === 'requests' ? readRequest(value) : undefined);
  if (!entry) {
    return undefined;
  }
  const { runId: id, jobName, worker, attempt } = entry;
  const status = run ? (run.result?.status ?? 'running') : 'queued';
  return { kind: 'run', id, jobName, status, scheduledTime: iso(entry.scheduledTime), worker, attempt };
}
