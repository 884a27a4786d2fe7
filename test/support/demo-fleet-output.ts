import type { Run } from '@app/jobs';
import type { Said } from './seeded-world-runs.js';

const CUT_BYTES = 1_187_204;

/** What a demo job prints when all is well: its lines, evenly over the run. */
export function usualOutput(lines: readonly string[], run: Run): readonly Said[] {
  const ms = (run.endTime ?? run.scheduledTime) - (run.startTime ?? run.scheduledTime);
  return lines.map((text, index) => ({ afterMs: 8 + Math.floor((ms * index) / lines.length), text: `${text}\n` }));
}

/** What a failing demo job prints: the same beginning, then its complaint on stderr. */
export function failingOutput(lines: readonly string[], run: Run): readonly Said[] {
  const ms = (run.endTime ?? run.scheduledTime) - (run.startTime ?? run.scheduledTime);
  const begun = usualOutput(lines.slice(0, Math.max(1, lines.length - 2)), run);
  return [...begun, ...complaintOf(run, ms)];
}

function complaintOf(run: Run, ms: number): readonly Said[] {
  const before = Math.max(10, ms - 40);
  switch (run.jobName) {
    case 'nightly-clearing':
      return [
        { afterMs: before, text: 'partition 4/4 commit 96 %\n', cutBefore: CUT_BYTES },
        { afterMs: before + 5, text: '\u001b[33mWARN\u001b[0m ledger: slow answer 2,014 ms\n', stream: 'stderr' },
        {
          afterMs: before + 20,
          text: '\u001b[1;31mFATAL\u001b[0m connection to ledger refused (10.2.0.14:5432)\n    at Ledger.commit (clearing/ledger.ts:88)\n',
          stream: 'stderr',
        },
        { afterMs: before + 30, text: '分区 4 已回滚 / rolled back partition 4\n' },
      ];
    case 'partner-feed-import':
      return [
        { afterMs: before, text: '\u001b[36mfeed of partner 7\u001b[0m, format v1, 4,112 articles\n' },
        {
          afterMs: before + 10,
          text: '\u001b[31merror\u001b[0m line 1: unknown column "price_eur" (the partner sends format v2 since today)\n',
          stream: 'stderr',
        },
      ];
    case '日终对账':
      return [
        { afterMs: before, text: '差异 3 笔，合计 12.40 元\n', stream: 'stderr' },
        {
          afterMs: before + 5,
          text: '\u001b[31m错误\u001b[0m：存在未核对的差异，已建工单 2026-1187\n',
          stream: 'stderr',
        },
      ];
    case 'backup-ledger':
      return [{ afterMs: before, text: 'pg_dump: error: disk full: /backup/ledger.part\n', stream: 'stderr' }];
    default:
      return [{ afterMs: before, text: 'error: HTTP 503, giving up after 3 tries\n', stream: 'stderr' }];
  }
}
