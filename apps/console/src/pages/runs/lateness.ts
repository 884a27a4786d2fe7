import type { Run } from '@fleetcron/sdk';

/** How much a lateness matters: `bad` from a minute on, `warn` from five seconds, else nothing. */
export function latenessTone({ latenessMs, trigger }: Pick<Run, 'latenessMs' | 'trigger'>): 'bad' | 'warn' | undefined {
  // Retries and runs asked for wait because they should.
  if (latenessMs === undefined || (trigger !== 'schedule' && trigger !== 'catchUp')) return undefined;
  return latenessMs >= 60_000 ? 'bad' : latenessMs >= 5_000 ? 'warn' : undefined;
}
