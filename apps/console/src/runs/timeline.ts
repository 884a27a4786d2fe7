import type { Run } from '@fleetcron/sdk';

/** A moment of a run's life. */
export interface Moment {
  readonly key: 'planned' | 'asked' | 'claimed' | 'started' | 'ended' | 'now';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where it stands, 0 to 1; ascending. */
  readonly place: number;
}

/** What lies between two moments. */
export type Stretch = 'waiting' | 'starting' | 'running';

export interface Timeline {
  readonly moments: readonly Moment[];
  /** One less than the moments. */
  readonly stretches: readonly Stretch[];
  /** Where the run would end if it took as long as usual; only while it runs. */
  readonly usualPlace?: number;
}

/** Room of a wait at least and at most, as a share. */
const ROOM = { wide: [0.1, 0.2], narrow: [0.25, 0.25] } as const;

/**
 * The moments of a run in their order. Waits get little room however long they are, by their logarithm; the rest is
 * the run itself. `usualMs`: how long it usually takes.
 */
export function timelineOf(
  run: Run,
  now: number,
  { usualMs, isNarrow = false }: { usualMs?: number; isNarrow?: boolean } = {},
): Timeline {
  const facts = momentsOf(run, now);
  const [least, most] = ROOM[isNarrow ? 'narrow' : 'wide'];
  const stretches = facts.slice(1).map(({ key }, index) => stretchTo(key, facts[index]!.key));
  const waits = stretches.map((stretch, index) => {
    if (stretch === 'running') return 0;
    const ms = Math.max(0, facts[index + 1]!.at - facts[index]!.at);
    return Math.min(most, least + (most - least) * (Math.log10(1 + ms / 100) / 5));
  });
  const left = 1 - waits.reduce((sum, share) => sum + share, 0);
  const runsAt = stretches.indexOf('running');
  const elapsed = runsAt < 0 ? 0 : facts[runsAt + 1]!.at - facts[runsAt]!.at;
  const isRunning = runsAt >= 0 && facts[runsAt + 1]!.key === 'now';
  const whole = isRunning && usualMs ? Math.max(usualMs, elapsed) : elapsed;
  const share = whole > 0 ? elapsed / whole : 1;
  let place = 0;
  const moments = facts.map((moment, index) => {
    if (index > 0) place += stretches[index - 1] === 'running' ? left * share : waits[index - 1]!;
    return { ...moment, place: Math.min(1, place) };
  });
  const hasUsual = isRunning && usualMs !== undefined && usualMs > elapsed;
  return { moments, stretches, ...(hasUsual && { usualPlace: 1 }) };
}

function momentsOf(run: Run, now: number): Omit<Moment, 'place'>[] {
  const isAsked = run.trigger === 'manual' || run.trigger === 'dependency';
  const { claimedAt, startTime, endTime, status } = run;
  const isLive = status === 'queued' || status === 'running';
  const known = [
    { key: isAsked ? 'asked' : 'planned', at: run.scheduledTime },
    { key: 'claimed', at: claimedAt },
    { key: 'started', at: startTime },
    { key: 'ended', at: endTime },
  ] as const;
  const moments: Omit<Moment, 'place'>[] = known.flatMap(({ key, at }) => (at ? [{ key, at: Date.parse(at) }] : []));
  return isLive && !endTime ? [...moments, { key: 'now', at: now }] : moments;
}

function stretchTo(key: Moment['key'], from: Moment['key']): Stretch {
  if (from === 'started') return 'running';
  return from === 'claimed' && key === 'started' ? 'starting' : 'waiting';
}
