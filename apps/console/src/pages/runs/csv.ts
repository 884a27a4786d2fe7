import type { Run } from '@fleetcron/sdk';

const COLUMNS = [
  ...['id', 'jobName', 'status', 'trigger', 'scheduledTime', 'untilTime', 'count', 'claimedAt', 'startTime', 'endTime'],
  ...['durationMs', 'latenessMs', 'attempt', 'worker', 'requestedBy', 'killedBy', 'exitCode', 'signal', 'reason'],
  ...['outputBytes', 'command'],
] as const satisfies readonly (keyof Run)[];

/** The heading of the table. */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

/** Runs as lines of a table, as RFC 4180 writes it. */
export function csvOf(runs: readonly Run[]): string {
  return runs.map((run) => `${COLUMNS.map((column) => cell(run[column])).join(',')}\r\n`).join('');
}

function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  // A spreadsheet would take these for a formula, and names and commands come from anywhere.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
