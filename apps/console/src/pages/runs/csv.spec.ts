import type { Run } from '@fleetcron/sdk';
import { describe, expect, it } from 'vitest';
import { CSV_HEAD, csvOf } from './csv';

const run: Run = {
  id: 'r1',
  jobName: 'nightly',
  trigger: 'schedule',
  status: 'failed',
  scheduledTime: '2026-11-21T01:00:00.000Z',
  count: 1,
  attempt: 1,
  rootRunId: 'r1',
};

describe('runs as a table', () => {
  it('has as many cells in each line as in the heading', () => {
    const [line] = csvOf([run]).split('\r\n');
    expect(line!.split(',')).toHaveLength(CSV_HEAD.split(',').length);
    expect(line).toMatch(/^r1,nightly,failed,schedule,2026-11-21T01:00:00.000Z,/);
  });

  it('quotes what would break a line, and lets no spreadsheet take text for a formula', () => {
    const line = csvOf([{ ...run, jobName: '=HYPERLINK("http://x")', command: 'echo "a, b"\necho c', reason: '-1+1' }]);
    expect(line).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(line).toContain('"echo ""a, b""\necho c"');
    expect(line).toContain(`,'-1+1,`);
  });

  it('leaves numbers as they are', () => {
    expect(csvOf([{ ...run, exitCode: -1, latenessMs: -5 }])).toContain(',-5,');
  });
});
