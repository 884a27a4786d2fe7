import type { MasterView, MasterVitals } from '../ports/cluster-status.js';

/** A master from what stands under its key; undefined where that is no presence. Never throws. */
export function readMaster(value: Buffer, leaderId: string | undefined): MasterView | undefined {
  const raw = objectOf(value);
  const { id, address, pid, version, startedAt, tzData } = raw ?? {};
  if (typeof id !== 'string' || typeof address !== 'string' || typeof pid !== 'number') return undefined;
  const vitals = vitalsOf(raw?.vitals);
  return {
    id,
    address,
    pid,
    version: String(version),
    isLeader: id === leaderId,
    startedAt: Date.parse(String(startedAt)) || 0,
    ...(typeof tzData === 'string' ? { tzVersion: tzData } : {}),
    ...(vitals && { vitals }),
  };
}

function vitalsOf(raw: unknown): MasterVitals | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { watchLagMs, loopStallMs, loopWaitMs, clockOffsetMs, isClockStopped } = raw as Record<string, unknown>;
  if (typeof watchLagMs !== 'number' || typeof loopStallMs !== 'number') return undefined;
  return {
    watchLagMs,
    loopStallMs,
    ...(typeof loopWaitMs === 'number' ? { loopWaitMs } : {}),
    isClockStopped: isClockStopped === true,
    ...(typeof clockOffsetMs === 'number' ? { clockOffsetMs } : {}),
  };
}

function objectOf(value: Buffer): Record<string, unknown> | undefined {
  try {
    const raw: unknown = JSON.parse(value.toString('utf8'));
    return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
