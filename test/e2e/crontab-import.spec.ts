import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, Standalone } from './standalone.js';

/** As found under /etc on a machine that has been around for a while. */
const CRONTAB = `# /etc/crontab: system-wide crontab
SHELL=/bin/bash
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin
MAILTO="ops@example.com"

# m h dom mon dow user  command
17 *    * * *   root    cd / && run-parts --report /etc/cron.hourly
25 6    * * *   root    test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )
47 6    * * 7   root    test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.weekly )
52 6    1 * *   root    test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.monthly )
*/5 * * * *     www-data        /usr/bin/php /var/www/app/artisan schedule:run >> /dev/null 2>&1
0 2 * * 1-5     backup  /opt/backup/run.sh --target /srv/backup/$(date +\\%F) # nightly
30 3 * * sun    postgres        vacuumdb --all --analyze --quiet
0 9 1,15 * *    finance /opt/billing/invoice --to ops@example.com%Dear all,%the invoices are attached.%
@reboot         root    /usr/local/bin/warm-caches
@daily          root    find /tmp -mtime +7 -delete
@hourly         nobody  curl -fsS https://example.com/ping > /dev/null
0 25 * * *      root    /opt/never/valid.sh
15 10 * * mon#2 root    /opt/reports/monthly.sh
* * * * *       root
10,40 8-18/2 * jan,jul *  deploy  FOO=bar /srv/deploy/tick.sh
*/10 * * * *    root    [ -d /var/lib/sa ] && /usr/lib/sysstat/sa1 1 1
`;

describe('a crontab of a real machine', () => {
  const folder = dataFolder();
  let standalone: Standalone;

  beforeAll(async () => {
    standalone = await Standalone.start({ folder: folder.path });
  });

  afterAll(async () => {
    await standalone?.end();
    folder.remove();
  });

  it('becomes jobs line by line: each is one job or one refusal with its number, and nothing is lost', async () => {
    const lines = CRONTAB.split('\n').slice(0, -1);
    const dry = await standalone.ask('POST', '/jobs/import?dryRun=true', CRONTAB);
    expect((await standalone.ask('GET', '/jobs')).items).toEqual([]);
    const real = await standalone.ask('POST', '/jobs/import', CRONTAB);
    expect({ ...dry, dryRun: false }).toEqual(real);

    expect(real.items.map(({ line }: { line: number }) => line)).toEqual(lines.map((_, index) => index + 1));
    expect(real.items.map(({ source }: { source: string }) => source)).toEqual(lines);
    const outcomeOf = (source: string): string => real.items[lines.indexOf(source)].outcome;
    const isOrder = (line: string): boolean => /^[\d*@]/.test(line);
    for (const line of lines.filter(isOrder)) expect(['created', 'refused']).toContain(outcomeOf(line));
    expect(lines.filter((line) => !isOrder(line)).map(outcomeOf)).toEqual([
      'comment',
      'environment',
      'environment',
      'environment',
      'blank',
      'comment',
    ]);
    const refused = real.items.filter(({ outcome }: { outcome: string }) => outcome === 'refused');
    expect(refused.map(({ line, reason }: { line: number; reason: string }) => `${line}: ${reason}`)).toEqual([
      expect.stringMatching(/^15: .*@reboot/),
      expect.stringMatching(/^18: .*25/),
      // A number in the month is this program's own word, and cron(8) would refuse the line.
      expect.stringMatching(/^19: .*mon#2/),
      expect.stringMatching(/^20: .*command/),
    ]);

    const { items: jobs } = await standalone.ask('GET', '/jobs?limit=100');
    const created = real.items.filter(({ outcome }: { outcome: string }) => outcome === 'created');
    expect(jobs.map(({ name }: { name: string }) => name).sort()).toEqual(
      created.map(({ name }: { name: string }) => name).sort(),
    );
    expect(created).toHaveLength(lines.filter(isOrder).length - refused.length);
  });

  it('keeps user, variables and the text after a per cent sign', async () => {
    const { items: jobs } = await standalone.ask('GET', '/jobs?limit=100');
    const jobWith = (part: string): Record<string, unknown> =>
      jobs.find(({ command }: { command: string }) => command.includes(part));
    expect(jobWith('artisan')).toMatchObject({ user: 'www-data', cronExpr: '*/5 * * * *' });
    expect(jobWith('run.sh')).toMatchObject({ command: expect.stringContaining('/srv/backup/$(date +%F)') });
    expect(jobWith('invoice').command).toContain('the invoices are attached.');
    expect(jobWith('vacuumdb')).toMatchObject({ env: { PATH: expect.stringContaining('/usr/local/sbin') } });
  });
});
