import type { CoordinationStore } from '@app/etcd';
import type { GroundTruth } from '../accounting/ground-truth.js';

/** Prints what is put under keys that hold the text, for looking into one seed. */
export function trace(store: CoordinationStore, text: string, now: () => number): void {
  store.watch('/cron/', 1, {
    events: (events) => {
      for (const event of events) {
        const key = event.kind === 'put' ? event.entry.key : event.key;
        if (!key.includes(text)) continue;
        const value = event.kind === 'put' ? event.entry.value.toString('utf8') : '(deleted)';
        process.stderr.write(`${Math.round(now()) % 10_000_000} ${key} ${inShort(value)}\n`);
      }
    },
    startOver: () => {},
  });
}

/** Prints what truly ran, of the runs whose id or job holds the text. */
export function traceStarts({ starts }: GroundTruth, text: string): void {
  for (const { runId, jobName, startedAt, endedAt = 0, how } of starts) {
    if (!`${jobName}/${runId}`.includes(text)) continue;
    const [from, to] = [startedAt, endedAt].map((at) => Math.round(at) % 10_000_000);
    process.stderr.write(`${from} ${jobName}/${runId} ran until ${to}, ended ${how}\n`);
  }
}

function inShort(value: string): string {
  try {
    const { worker, state, scheduledTime, at, gap, result, jobRevision } = JSON.parse(value);
    if (state) {
      const gaps = gap.map((each: { count: number; reason: string }) => `${each.count} ${each.reason}`).join();
      return `${worker} ${state} ${scheduledTime?.slice(17)} job@${jobRevision} gap[${gaps}] ${result?.status ?? ''} ${result?.reason ?? ''}`;
    }
    if (at) return `at ${at.slice(17)} ${value.slice(-40)}`;
  } catch {
    // Shown as it is.
  }
  return value.slice(0, 300);
}
