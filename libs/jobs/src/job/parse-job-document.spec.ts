import { type FieldError, InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseJobDocument } from './parse-job-document.js';
import { jobDocumentSchema } from './schema/job-document.js';

const hello = { name: 'hello', command: 'echo hello' };

function errorsOf(input: unknown, name?: string): readonly FieldError[] {
  try {
    parseJobDocument(input, name);
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors;
    throw error;
  }
  return [];
}

describe('a job document', () => {
  it('keeps what somebody wrote apart from what it means', () => {
    const written = { ...hello, cronExpr: '@daily', retry: { limit: 2 }, concurrencyPolicy: 'allow', maxConcurrent: 3 };
    const { job, document } = parseJobDocument(written);
    expect(document).toEqual(written);
    expect(job.retry).toEqual({ limit: 2, delaySeconds: 10, factor: 2, maxDelaySeconds: 3600 });
    expect(job.maxConcurrent).toBe(3);
  });

  it('reads instants with any offset', () => {
    const { job } = parseJobDocument({ ...hello, startAt: '2026-12-01T08:00:00+08:00', endAt: '2026-12-02T00:00Z' });
    expect(job.startAt).toBe(Date.UTC(2026, 11, 1));
    expect(job.endAt).toBe(Date.UTC(2026, 11, 2));
  });

  it('may leave its name to its address', () => {
    expect(parseJobDocument({ command: 'x' }, 'hello').document).toEqual({ name: 'hello', command: 'x' });
    expect(errorsOf(hello, 'other')).toEqual([
      { path: 'name', message: 'is not "other", the name it is stored under' },
    ]);
  });

  it('is told of everything that is wrong with it at once', () => {
    const errors = errorsOf({
      nmae: 'x',
      cronExpr: '60 * * * *',
      timezone: 'Foo/Bar',
      timeoutSeconds: '10',
      paused: 1,
    });
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: 'name', message: 'is required' },
        { path: 'nmae', message: 'is not a field of a job; did you mean name?' },
        { path: 'cronExpr', message: 'minute 60 is outside 0 to 59' },
        { path: 'timezone', message: expect.stringContaining('Foo/Bar') },
        { path: 'timeoutSeconds', message: 'must be a number' },
        { path: 'paused', message: 'must be true or false' },
        { path: 'command', message: expect.stringContaining('is required') },
      ]),
    );
    expect(errors).toHaveLength(7);
  });

  const refused: readonly (readonly [fields: Record<string, unknown>, path: string, message: RegExp])[] = [
    [{ timeoutSeconds: '10' }, 'timeoutSeconds', /must be a number/],
    [{ timeoutSeconds: Number.NaN }, 'timeoutSeconds', /must be a/],
    [{ timeoutSeconds: Number.POSITIVE_INFINITY }, 'timeoutSeconds', /must be a/],
    [{ timeoutSeconds: -1 }, 'timeoutSeconds', /must be at least 1/],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds', /must be at least 1/],
    [{ timeoutSeconds: 1.5 }, 'timeoutSeconds', /must be a whole number/],
    [{ timeoutSeconds: 1e300 }, 'timeoutSeconds', /must be at most 31622400/],
    [{ timeoutSeconds: null }, 'timeoutSeconds', /must be a number/],
    [{ lostAfterSeconds: 4 }, 'lostAfterSeconds', /at least 5/],
    [{ lostAfterSeconds: 86_401 }, 'lostAfterSeconds', /at most 86400/],
    [{ killGraceSeconds: -1 }, 'killGraceSeconds', /at least 0/],
    [{ retry: {} }, 'retry.limit', /is required/],
    [{ retry: { limit: 101 } }, 'retry.limit', /at most 100/],
    [{ retry: { limit: 1, tries: 2 } }, 'retry.tries', /is not a field/],
    [{ retry: { limit: 1, delaySeconds: 100, maxDelaySeconds: 10 } }, 'retry.maxDelaySeconds', /not be below/],
    [{ retry: { limit: 1, onExitCodes: [0, 3] } }, 'retry.onExitCodes', /^0 counts as success/],
    [{ retry: 3 }, 'retry', /must be an object/],
    [{ concurrencyPolicy: 'never' }, 'concurrencyPolicy', /must be "forbid", "allow", "queue" or "replace"/],
    [{ maxConcurrent: 2 }, 'maxConcurrent', /must be left out: concurrencyPolicy "forbid"/],
    [{ command: '' }, 'command', /must not be empty/],
    [{ command: '  ' }, 'command', /is required: the shell executor/],
    [{ command: undefined }, 'command', /is required: the shell executor/],
    [{ cronExpr: '' }, 'cronExpr', /is empty; leave it out/],
    [{ cronExpr: 5 }, 'cronExpr', /must be text/],
    [{ timezone: 'Mars' }, 'timezone', /there is no time zone "Mars"/],
    [{ jitterSeconds: 60, cronExpr: '* * * * *' }, 'jitterSeconds', /below the shortest time between two fires, 60/],
    [{ startAt: 'tomorrow' }, 'startAt', /must be an instant such as/],
    [{ startAt: '2026-02-30T00:00:00Z' }, 'startAt', /must be an instant/],
    [{ startAt: '2026-01-01T00:00:00' }, 'startAt', /must be an instant/],
    [{ startAt: 1767225600000 }, 'startAt', /must be text/],
    [{ startAt: '2026-01-02T00:00:00Z', endAt: '2026-01-02T00:00:00Z' }, 'endAt', /must be later than startAt/],
    [{ maxRuns: 0 }, 'maxRuns', /at least 1/],
    [{ group: 'a b' }, 'group', /may hold only letters/],
    [{ labels: { team: 5 } }, 'labels.team', /must be text/],
    [{ labels: { 'a b': 'x' } }, 'labels.a b', /the key may hold only letters/],
    [{ env: { 'A-B': 'x' } }, 'env.A-B', /the key must be a variable name/],
    [{ env: { FLEETCRON_JOB: 'x' } }, 'env.FLEETCRON_JOB', /given by the worker/],
    [{ env: { A: 'x\0' } }, 'env.A', /NUL/],
    [{ env: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`A${i}`, ''])) }, 'env', /at most 64 entries/],
    [{ shell: [] }, 'shell', /must have at least 1 item$/],
    [{ shell: [''] }, 'shell[0]', /must not be empty/],
    [{ shell: '/bin/sh' }, 'shell', /must be a list/],
    [{ workingDirectory: 'here' }, 'workingDirectory', /must be an absolute path/],
    [{ user: 'root; id' }, 'user', /must be the name of a system user/],
    [{ successExitCodes: [256] }, 'successExitCodes[0]', /at most 255/],
    [{ outputLimitBytes: 0 }, 'outputLimitBytes', /at least 1024/],
    [{ cron: '@daily' }, 'cron', /is not a field of a job$/],
    [{ TimeZone: 'UTC' }, 'TimeZone', /did you mean timezone\?/],
    [{ time_zone: 'UTC' }, 'time_zone', /did you mean timezone\?/],
    [{ description: 'x'.repeat(4097) }, 'description', /at most 4096 characters/],
    [{ name: 'a/b' }, 'name', /may hold only letters/],
    [{ v: 2, somethingNew: true }, 'v', /^version 2 is newer than 1/],
    [{ v: 0 }, 'v', /must be 1/],
  ];

  it.each(refused)('with %j is refused', (fields, path, message) => {
    const errors = errorsOf({ ...hello, ...fields });
    expect(errors).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  const unavailable: readonly (readonly [fields: Record<string, unknown>, path: string])[] = [
    [{ calendars: ['holidays'] }, 'calendars'],
    [{ executor: 'http' }, 'executor'],
    [{ executor: 'handler' }, 'executor'],
    [{ http: { url: 'https://example.test/' } }, 'http'],
    [{ handler: 'resize' }, 'handler'],
    [{ payload: { any: ['thing'] } }, 'payload'],
    [{ secrets: ['token'] }, 'secrets'],
    [{ routing: { mode: 'broadcast' } }, 'routing.mode'],
    [{ routing: { mode: 'shard' } }, 'routing.mode'],
    [{ routing: { shards: 3 } }, 'routing.shards'],
    [{ concurrencyPolicy: 'queue' }, 'concurrencyPolicy'],
    [{ concurrencyPolicy: 'replace' }, 'concurrencyPolicy'],
    [{ after: [{ job: 'extract', on: 'success' }] }, 'after'],
    [{ alerts: { onFailure: ['mail'] } }, 'alerts'],
  ];

  it.each(unavailable)('with %j asks for what this version cannot do', (fields, path) => {
    expect(errorsOf({ ...hello, ...fields })).toEqual([
      { path, message: expect.stringMatching(/is not available in this version$/) },
    ]);
  });

  it('may say that it wants none of what this version cannot do', () => {
    const fields = { calendars: [], secrets: [], after: [], alerts: [], executor: 'shell', routing: { mode: 'any' } };
    expect(errorsOf({ ...hello, ...fields })).toEqual([]);
  });

  it('may have a zone without a schedule, and one run at once where that is the rule', () => {
    expect(errorsOf({ ...hello, timezone: 'Asia/Tokyo', maxConcurrent: 1 })).toEqual([]);
  });

  it.each([undefined, null, [], 'hello', 7, true])('is not %j', (input) => {
    expect(errorsOf(input)).toEqual([{ path: '', message: 'a job is an object with a name' }]);
  });

  it('is refused whole when it is too deep, too large or changes prototypes', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(errorsOf({ ...hello, payload: deep })[0]?.message).toBe('is nested deeper than 32 levels');
    expect(errorsOf({ ...hello, command: '字'.repeat(30_000) })[0]?.message).toMatch(
      /at most 65536 bytes; this one has 90/,
    );
    expect(errorsOf(JSON.parse('{"name":"x","labels":{"__proto__":"y"}}'))[0]?.message).toBe('has a key "__proto__"');
  });
});

describe('the schema of the job document', () => {
  const schema = z.toJSONSchema(jobDocumentSchema) as {
    additionalProperties: boolean;
    required: string[];
    properties: Record<string, { description?: string }>;
  };

  it('serves an API document: closed, with only the name required and every field described', () => {
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['name']);
    const bare = Object.entries(schema.properties).filter(([, property]) => !property.description);
    expect(bare).toEqual([]);
  });

  it('says the form of names and instants', () => {
    expect(schema.properties).toMatchObject({
      name: { type: 'string', minLength: 1, maxLength: 128 },
      startAt: { type: 'string', format: 'date-time' },
    });
  });

  it('has the fields the documentation lists', () => {
    const listed =
      'v name description labels group paused pausedReason pausedUntil cronExpr timezone jitterSeconds startAt endAt ' +
      'maxRuns calendars executor command http handler payload shell workingDirectory user env secrets params ' +
      'successExitCodes outputLimitBytes routing concurrencyPolicy maxConcurrent misfirePolicy startingDeadlineSeconds ' +
      'misfireWindowSeconds timeoutSeconds killGraceSeconds retry onLost lostAfterSeconds after alerts';
    expect(Object.keys(schema.properties).sort()).toEqual(listed.split(' ').sort());
  });
});
