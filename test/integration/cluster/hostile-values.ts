import { expect, it } from 'vitest';
import { Stage } from '../../accounting/stage.js';
import { until } from '../../support/until.js';

const FINE = '"command":"true","cronExpr":"* * * * * *"';

/** What anybody may put under jobs/, and what its reason must speak of. */
const HOSTILE: readonly (readonly [name: string, value: string | Buffer, reason: RegExp])[] = [
  ['not-json', '{"name":', /JSON/],
  ['empty', '', /empty/],
  ['null', 'null', /object/],
  ['array', '[]', /object/],
  ['number', '1e309', /./],
  ['proto', `{"name":"proto","__proto__":{"command":"true"},${FINE}}`, /__proto__/],
  ['constructor', `{"name":"constructor","constructor":{"prototype":{}},${FINE}}`, /constructor/],
  ['binary', Buffer.from([0, 255, 254, 128, 7]), /./],
  ['deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, /deep|level/],
  ['huge', `{"name":"huge","command":"${'x'.repeat(1024 * 1024)}"}`, /large|KiB|bytes/],
  ['future', `{"v":2,"name":"future",${FINE}}`, /version|v\b/],
  ['unknown', `{"name":"unknown","comand":"true"}`, /comand/],
  ['other-name', `{"name":"another",${FINE}}`, /name/],
  ['bad-cron', '{"name":"bad-cron","command":"true","cronExpr":"0 25 * * *"}', /cronExpr|hour/],
  ['bad-zone', `{"name":"bad-zone","timezone":"Foo/Bar",${FINE}}`, /Foo\/Bar|zone/],
  ['a/slash', `{"name":"a/slash",${FINE}}`, /name/],
];

/** What is no job is shown with its reason, never run, and nobody else notices. */
export function hostileValues(stage: () => Stage): void {
  it('shows each value that is no job with its reason, and goes on with all others', async () => {
    const { cluster } = stage();
    const from = Date.now();
    for (const [name, value] of HOSTILE) await cluster.put(`/cron/jobs/${name}`, value);
    for (const master of cluster.masters) {
      const invalid = await until('all are listed', async () => {
        const { json } = await cluster.api(master).get('/jobs?state=invalid&limit=500');
        return json.items?.length >= HOSTILE.length && json.items;
      });
      for (const [name, , reason] of HOSTILE) {
        const shown = invalid.find((job: { name: string }) => job.name === name);
        expect(shown, name).toMatchObject({ state: 'invalid', invalid: { reason: expect.stringMatching(reason) } });
      }
    }
    const { json } = await cluster.api().get('/jobs/proto');
    expect(json).toMatchObject({ state: 'invalid', invalid: { reason: expect.stringContaining('__proto__') } });
    await stage().untilAllTick(from + 3000);
    for (const [name] of HOSTILE) expect(await cluster.api().runsOf(name)).toEqual([]);
    expect(await stage().discrepancies(Date.now())).toEqual([]);
    for (const program of [...cluster.masters, ...cluster.workers]) expect(program.isUp).toBe(true);
  }, 60_000);
}
