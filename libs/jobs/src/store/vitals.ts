import { isObject } from './json.js';

/** How a worker does: of about the last minute where nothing else is said. Whole numbers, so that beats stay small. */
export interface Vitals {
  /** Scheduled fires it started; neither catch-ups nor fires that waited for a lock. */
  readonly fires: number;
  /** What 99 of 100 of them were not later than, and the latest; 0 without fires. */
  readonly latenessP99Ms: number;
  readonly latenessMaxMs: number;
  /** Claims the store answered, and how many of them it refused because another worker had decided. */
  readonly claims: number;
  readonly refused: number;
  /** Write requests it sent for runs; beats and keep-alives of its lease are not among them. */
  readonly writeRequests: number;
  /** How far what it knows may be behind the store, now. */
  readonly watchLagMs: number;
  /** The longest time its event loop stood still. */
  readonly loopStallMs: number;
  /** For how long of it there was no processor for it; undefined where its system does not tell. */
  readonly loopWaitMs?: number;
  /** Bytes on its disk that wait for history, now. */
  readonly spoolBytes: number;
  /** Since when history takes nothing from it, by its own clock, epoch milliseconds; undefined while it does. */
  readonly historyAwaySince?: number;
}

const NUMBERS = [
  'fires',
  'latenessP99Ms',
  'latenessMaxMs',
  'claims',
  'refused',
  'writeRequests',
  'watchLagMs',
  'loopStallMs',
  'spoolBytes',
] as const satisfies readonly (keyof Vitals)[];

/** Vitals as they stand in a beat; undefined where there are none, or not all: an older worker wrote it. */
export function readVitals(raw: unknown): Vitals | undefined {
  if (!isObject(raw) || !NUMBERS.every((name) => isAmount(raw[name]))) return undefined;
  const vitals = Object.fromEntries(NUMBERS.map((name) => [name, raw[name]])) as unknown as Vitals;
  const { loopWaitMs, historyAwaySince } = raw;
  return {
    ...vitals,
    ...(isAmount(loopWaitMs) && { loopWaitMs }),
    ...(isAmount(historyAwaySince) && { historyAwaySince }),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
