import { describe, expect, it } from 'vitest';
import { type JobDefinition, readDefinition, readSpareDefinition } from './job-definition.js';

const entryOf = (text: string) => ({
  key: '/cron/jobs/a',
  value: Buffer.from(text),
  createRevision: 3,
  modRevision: 7,
});
const seen = ({ name, revision, createRevision, parsed, job, terms, fingerprint, schedule }: JobDefinition) => ({
  ...{ name, revision, createRevision, parsed, job, terms, fingerprint },
  next: schedule?.next(0),
});

describe('a definition kept as text', () => {
  it.each([
    '{"name":"a","command":"true","cronExpr":"H H * * *"}',
    '{ "name": "a", "command": "echo ä", "routing": {"worker":"w1"}, "maxRuns": 3, "jitterSeconds": 5, "cronExpr": "@daily" }',
    '{"name":"a","command":"true","cronExpr":"* * * * *","paused":true,"pausedUntil":"2027-01-01T00:00:00Z"}',
    '{"name":"a","command":"true"}',
    '{"name":"a","command":',
    '{"name":"b","command":"true"}',
  ])('says the same as one that is kept whole: %s', (text) => {
    expect(seen(readSpareDefinition('a', entryOf(text)))).toEqual(seen(readDefinition('a', entryOf(text))));
  });

  it('holds one object for all jobs of the same terms, and tells others apart', () => {
    const terms = (fields: object) =>
      readSpareDefinition('a', entryOf(JSON.stringify({ name: 'a', command: 'true', ...fields }))).terms;
    expect(terms({ cronExpr: '0 1 * * *' })).toBe(terms({ cronExpr: '0 2 * * *' }));
    const others = [
      {},
      { cronExpr: '@daily', group: 'db' },
      { cronExpr: '@daily', maxRuns: 1 },
      { cronExpr: '@daily', jitterSeconds: 1 },
      { cronExpr: '@daily', startingDeadlineSeconds: 5 },
      { cronExpr: '@daily', routing: { selector: { disk: 'ssd' } } },
      { cronExpr: '@daily', routing: { worker: 'w1' } },
    ].map(terms);
    expect(new Set([...others, terms({ cronExpr: '@daily' })]).size).toBe(others.length + 1);
  });

  it('is read again however many were asked for in between', () => {
    const all = Array.from({ length: 1_500 }, (_, index) =>
      readSpareDefinition('a', entryOf(`{"name":"a","command":"echo ${index}"}`)),
    );
    expect(all.map(({ job }) => job?.command)).toEqual(all.map((_, index) => `echo ${index}`));
    expect(all[0]?.job?.command).toBe('echo 0');
  });
});
