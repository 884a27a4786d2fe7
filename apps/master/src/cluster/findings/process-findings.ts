import type { Standstill } from '@app/platform';
import type { ClusterWarning, MasterView } from '../../ports/cluster-status.js';
import type { WorkerView } from '../../ports/worker-directory.js';
import { CLOCK_SUSPECT, WARNING_WORDS } from '../../words/warning-words.js';
import { over } from './finding.js';
import { CLOCK_OFF_MS, MASTER_STALL_MS, WORKER_STALL_MS } from './thresholds.js';

/** What is not well with clocks, event loops and versions of workers and masters. */
export function processFindings(
  workers: readonly WorkerView[],
  masters: readonly MasterView[],
): readonly ClusterWarning[] {
  return [
    ...unwellFindings(workers, masters),
    ...clockFindings(workers, masters),
    ...stallFindings(workers, masters),
    ...mixFindings(workers, masters),
  ];
}

function unwellFindings(workers: readonly WorkerView[], masters: readonly MasterView[]): ClusterWarning[] {
  const findings: ClusterWarning[] = workers
    .filter(({ state }) => state === 'unwell')
    .map(({ id, reason, clockOffsetMs }) => ({
      code: 'workerUnwell',
      severity: 'error',
      text: WARNING_WORDS.workerUnwell(id, reason ?? CLOCK_SUSPECT),
      about: [id],
      ...(clockOffsetMs === undefined ? {} : { detail: { clockOffsetMs } }),
    }));
  const off = masters.filter(({ vitals }) => vitals?.isClockStopped).map(({ id }) => id);
  if (off.length > 0) {
    findings.push({ code: 'masterUnwell', severity: 'error', text: WARNING_WORDS.masterUnwell(off), about: off });
  }
  return findings;
}

function clockFindings(workers: readonly WorkerView[], masters: readonly MasterView[]): ClusterWarning[] {
  const clocks = [
    ...workers.filter(({ state }) => state !== 'unwell').map(({ id, clockOffsetMs }) => ({ id, clockOffsetMs })),
    ...masters
      .filter(({ vitals }) => !vitals?.isClockStopped)
      .map(({ id, vitals }) => ({ id, clockOffsetMs: vitals?.clockOffsetMs })),
  ];
  const off = over(clocks, CLOCK_OFF_MS, ({ clockOffsetMs = 0 }) => Math.abs(clockOffsetMs));
  if (!off) return [];
  const text = WARNING_WORDS.clockOff(off.ids, off.value);
  return [{ code: 'clockOff', severity: 'warning', text, about: off.ids, detail: { clockOffMs: off.value } }];
}

function stallFindings(workers: readonly WorkerView[], masters: readonly MasterView[]): ClusterWarning[] {
  const beyond = (line: number, { loopStallMs = 0, loopWaitMs }: Partial<Standstill> = {}) => ({
    stallMs: loopStallMs > line ? loopStallMs : 0,
    waitMs: loopWaitMs,
  });
  const loops = [
    ...workers.map(({ id, vitals }) => ({ id, ...beyond(WORKER_STALL_MS, vitals) })),
    ...masters.map(({ id, vitals }) => ({ id, ...beyond(MASTER_STALL_MS, vitals) })),
  ];
  const stalled = over(loops, 0, ({ stallMs }) => stallMs);
  if (!stalled) return [];
  const { ids, value, worst } = stalled;
  const { waitMs } = worst;
  const text = WARNING_WORDS.loopStalls(ids, value, waitMs);
  const detail = { loopStallMs: value, ...(waitMs !== undefined && { loopWaitMs: waitMs }) };
  return [{ code: 'loopStalls', severity: 'warning', text, about: ids, detail }];
}

function mixFindings(workers: readonly WorkerView[], masters: readonly MasterView[]): ClusterWarning[] {
  const findings: ClusterWarning[] = [];
  const versions = [...new Set([...masters, ...workers].map(({ version }) => version))].sort();
  if (versions.length > 1) {
    findings.push({ code: 'mixedVersions', severity: 'warning', text: WARNING_WORDS.mixedVersions(versions) });
  }
  // Masters plan as well; one that does not tell is older than this.
  const zones = new Set([
    ...workers.map(({ tzVersion }) => tzVersion ?? '?'),
    ...masters.flatMap(({ tzVersion }) => tzVersion ?? []),
  ]);
  if (zones.size > 1) {
    const text = WARNING_WORDS.mixedTimeZones([...zones].sort());
    findings.push({ code: 'mixedTimeZones', severity: 'warning', text });
  }
  return findings;
}
