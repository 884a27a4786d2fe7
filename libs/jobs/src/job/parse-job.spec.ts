import { describe, expect, it } from 'vitest';
import { parseJob } from './parse-job.js';

const deep = (levels: number, open: string, close: string): string => open.repeat(levels) + close.repeat(levels);
const hello = { name: 'hello', command: 'echo hello', cronExpr: '0 2 * * *' };

describe('a value under jobs/hello', () => {
  it('is a job with three fields', () => {
    const parsed = parseJob(Buffer.from(JSON.stringify(hello)), 'hello');
    expect(parsed).toMatchObject({
      ok: true,
      document: hello,
      job: {
        ...hello,
        group: 'default',
        timezone: 'UTC',
        concurrencyPolicy: 'forbid',
        maxConcurrent: 1,
        killGraceSeconds: 10,
        startingDeadlineSeconds: 60,
        lostAfterSeconds: 60,
        misfireWindowSeconds: 86_400,
        outputLimitBytes: 1_048_576,
        shell: ['/bin/sh', '-c'],
        successExitCodes: [0],
        misfirePolicy: 'runOnce',
        onLost: 'record',
      },
    });
  });

  it('may say its version, and be named in any script', () => {
    expect(parseJob('{"v":1,"name":"每日报表","command":"x"}', '每日报表').ok).toBe(true);
  });

  const hostile: readonly (readonly [what: string, value: Buffer | string, reason: RegExp])[] = [
    ['nothing', '', /is empty/],
    ['no JSON', '{name: hello}', /is not JSON/],
    ['half a document', '{"name":"hello"', /is not JSON/],
    ['null', 'null', /is an object/],
    ['a list', '[]', /is an object/],
    ['a text', '"hello"', /is an object/],
    ['a number', '7', /is an object/],
    ['no name', '{"command":"x"}', /name: is required/],
    ['another name', '{"name":"other","command":"x"}', /name: is not "hello"/],
    ['a name of the wrong type', '{"name":7,"command":"x"}', /name: must be text/],
    ['a command of the wrong type', '{"name":"hello","command":["x"]}', /command: must be text/],
    ['a prototype', '{"name":"hello","command":"x","__proto__":{"paused":true}}', /__proto__/],
    ['a prototype within', '{"name":"hello","command":"x","env":{"__proto__":"y"}}', /__proto__/],
    ['a prototype spelled otherwise', '{"name":"hello","command":"x","\\u005f_proto__":{}}', /__proto__/],
    ['a key twice', '{"name":"hello","command":"x","command":"y"}', /"command" twice/],
    ['a key twice, once escaped', '{"name":"hello","command":"x","c\\u006fmmand":"y"}', /"command" twice/],
    ['a key twice within', '{"name":"hello","command":"x","env":{"A":"1","A" : "2"}}', /"A" twice/],
    ['a byte order mark', '\ufeff{"name":"hello","command":"x"}', /byte order mark/],
    ['the bytes of one', Buffer.from('\ufeff{"name":"hello","command":"x"}'), /byte order mark/],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /not valid UTF-8/],
    ['binary', Buffer.from([0, 1, 2, 3, 128, 255]), /not valid UTF-8/],
    ['10,000 brackets', deep(10_000, '[', ']'), /nested deeper/],
    ['10,000 objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /nested deeper/],
    ['10,000 open brackets', '['.repeat(10_000), /not JSON/],
    ['depth inside a field', `{"name":"hello","command":"x","payload":${deep(40, '[', ']')}}`, /nested deeper/],
    ['2 MiB', JSON.stringify({ ...hello, description: 'x'.repeat(2 << 20) }), /at most 65536 bytes/],
    ['2 MiB of binary', Buffer.alloc(2 << 20, 255), /at most 65536 bytes/],
    ['a schema of the future', '{"v":2,"name":"hello","when":"tomorrow"}', /v: version 2 is newer than 1/],
    ['no version number', '{"v":"1","name":"hello","command":"x"}', /v: must be 1/],
    ['a number too large', '{"name":"hello","command":"x","timeoutSeconds":1e309}', /timeoutSeconds: must be a/],
    ['half a surrogate pair', '{"name":"hello","command":"\\ud800"}', /valid Unicode/],
    ['a NUL', '{"name":"hello","command":"a\\u0000b"}', /NUL/],
    [
      'an unknown field',
      '{"name":"hello","command":"x","cron_expr":"* * * * *"}',
      /cron_expr: .*did you mean cronExpr/,
    ],
    [
      'a bad schedule',
      '{"name":"hello","command":"x","cronExpr":"0 25 * * *"}',
      /cronExpr: hour 25 is outside 0 to 23/,
    ],
    ['a bad zone', '{"name":"hello","command":"x","timezone":"Foo/Bar"}', /timezone: there is no time zone "Foo\/Bar"/],
  ];

  it.each(hostile)('is an invalid job when it is %s', (_, value, reason) => {
    const parsed = parseJob(value, 'hello');
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.reason).toMatch(reason);
    expect(parsed.reason.length).toBeLessThan(400);
    expect(parsed.errors.length).toBeGreaterThan(0);
  });

  it('says no more than a person reads, however much is wrong', () => {
    const fields = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`field${i}`, 1]));
    const parsed = parseJob(JSON.stringify({ ...hello, ...fields }), 'hello');
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringMatching(/; and more$/) });
    expect(parsed.ok ? [] : parsed.errors).toHaveLength(101);
  });

  it('is an invalid job when its key is no name', () => {
    const parsed = parseJob('{"name":"a/b","command":"x"}', 'a/b');
    expect(parsed).toMatchObject({ ok: false, errors: [{ path: 'name' }] });
  });

  it('keeps braces, quotes and backslashes inside texts apart from structure', () => {
    const command = 'printf "%s" "{\\"a\\":1,\\"a\\":2}" [[[[ \\\\';
    expect(parseJob(JSON.stringify({ ...hello, command }), 'hello')).toMatchObject({ ok: true, job: { command } });
  });
});
