import type { JobDocument } from '@app/jobs';
import type { Random } from '../simulation/random.js';
import { nameOf, oftenUpTo, SELDOM, TEAMS, worldGroups, ZONES } from './seeded-world-words.js';

/** How a job behaves, where it is not simply well. */
export type Character = 'steady' | 'flaky' | 'broken' | 'gapped' | 'overlapping' | 'losing';

/** A job of the world: its document, and what its history is made by. */
export interface WorldJob {
  readonly document: JobDocument & { readonly command: string };
  /** The rule its past followed; undefined: it ran by hand only, or never. */
  readonly past: { readonly cronExpr: string; readonly timezone: string } | undefined;
  readonly character: Character;
  readonly medianMs: number;
  readonly spread: number;
  readonly workers: readonly string[];
}

/** The ids of the workers that ran it all, some by each group. */
const WORKERS = Array.from(
  { length: 20 },
  (_, index) => `${index < 14 ? 'app' : 'db'}${index + 1}-${(index * 2_731 + 4_096).toString(16)}`,
);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAUSES = [
  'Database moves',
  '等待新版本上线',
  'Partner asks to wait',
  'Replaced by the new exporter',
  '数据迁移中',
];

/**
 * The job of this number. `busy`: one that fires many times a day, up to so often; undefined: daily or less. None fires
 * before a month has passed: paused, by hand only, over, or waiting for its `startAt`.
 */
export function worldJob(index: number, busy: number | undefined, random: Random, now: number): WorldJob {
  const name = nameOf(index, random);
  const kind = random.pick(busy === undefined ? SELDOM : oftenUpTo(busy));
  const cronExpr = kind(random);
  const timezone = random.pick(ZONES);
  const team = random.pick(TEAMS);
  const groups = worldGroups();
  const group = random.chance(0.5) ? 'default' : random.pick(groups);
  const medianMs = Math.round(200 * Math.exp(random.next() * (busy === undefined ? 8.5 : 4)));
  const isByHand = busy === undefined && random.chance(0.02);
  const document = {
    name,
    command: `/srv/${team}/bin/${random.pick(['run', 'sync', 'export', 'clean'])} --job ${name} --shard ${index % 16}`,
    ...(isByHand ? {} : { cronExpr }),
    ...(timezone === 'UTC' ? {} : { timezone }),
    ...(group === 'default' ? {} : { group }),
    labels: { team, tier: String(random.between(1, 3)), ...(random.chance(0.1) ? { critical: 'yes' } : {}) },
    ...(random.chance(0.6)
      ? { description: `${random.pick(['Keeps', 'Clears', 'Sends', 'Checks', '处理'])} ${name} of ${team}.` }
      : {}),
    ...(random.chance(0.2) ? { timeoutSeconds: random.pick([60, 600, 3_600]) } : {}),
    ...(random.chance(0.15) ? { retry: { limit: random.between(1, 3), delaySeconds: 30 } } : {}),
    ...standingStill(random, now),
  };
  return {
    document,
    past: isByHand ? undefined : { cronExpr, timezone },
    character: characterOf(random),
    medianMs,
    spread: 0.15 + random.next() * 0.5,
    workers: Array.from({ length: 3 }, (_, place) => WORKERS[(index * 7 + place * 3) % WORKERS.length] as string),
  };
}

/** Why it does not fire now. */
function standingStill(random: Random, now: number) {
  const later = new Date(now + random.between(30, 90) * DAY_MS).toISOString();
  const chance = random.next();
  if (chance < 0.4) return { startAt: later };
  if (chance < 0.41) return { endAt: new Date(now - random.between(1, 48) * HOUR_MS).toISOString() };
  const because = random.chance(0.5) ? { pausedReason: random.pick(PAUSES) } : {};
  return { paused: true, ...because, ...(chance < 0.5 ? { pausedUntil: later } : {}) };
}

function characterOf(random: Random): Character {
  const chance = random.next();
  if (chance < 0.05) return 'flaky';
  if (chance < 0.065) return 'broken';
  if (chance < 0.08) return 'gapped';
  if (chance < 0.09) return 'overlapping';
  return chance < 0.1 ? 'losing' : 'steady';
}
