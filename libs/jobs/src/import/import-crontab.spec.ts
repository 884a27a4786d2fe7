import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrontabImportOptions, type ImportedLine, importCrontab } from './import-crontab.js';

const user: CrontabImportOptions = { format: 'user', existingNames: [] };

/** The lines of Debian's own /etc/crontab. */
const DEBIAN = `# /etc/crontab: system-wide crontab
# Unlike any other crontab you don't have to run the \`crontab'
# command to install the new version when you edit this file
# and files in /etc/cron.d. These files also have username fields,
# that none of the other crontabs do.

SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

# Example of job definition:
# .---------------- minute (0 - 59)
# |  .------------- hour (0 - 23)
# |  |  .---------- day of month (1 - 31)
# |  |  |  .------- month (1 - 12) OR jan,feb,mar,apr ...
# |  |  |  |  .---- day of week (0 - 6) (Sunday=0 or 7) OR sun,mon,tue,wed,thu,fri,sat
# |  |  |  |  |
# *  *  *  *  * user-name command to be executed
17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly
25 6\t* * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
47 6\t* * 7\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
52 6\t1 * *\troot\ttest -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.monthly; }
#
`;

describe('importing a crontab', () => {
  it("reads Debian's own /etc/crontab", () => {
    const { format, lines } = importCrontab(DEBIAN, { format: 'auto', existingNames: [], timezone: 'Europe/Rome' });
    expect(format).toBe('system');
    const jobs = lines.filter(({ kind }) => kind === 'job').map(({ document }) => document);
    expect(jobs.map((job) => job?.name)).toEqual(['cron.hourly', 'cron.daily', 'cron.weekly', 'cron.monthly']);
    expect(jobs[1]).toEqual({
      name: 'cron.daily',
      cronExpr: '25 6 * * *',
      timezone: 'Europe/Rome',
      command: 'test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }',
      user: 'root',
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin' },
    });
    expect(lines.filter(({ kind }) => kind === 'environment').map(({ line }) => line)).toEqual([7, 8]);
  });

  it('takes the comment right above a job as its description', () => {
    const text =
      '# Chapter one\n\n# Sends the report.\n# To everybody.\n0 6 * * 1 report\n0 7 * * 1 other\n#5 4 * * * off\n@daily last';
    const { lines } = importCrontab(text, user);
    expect(lines.map(({ document }) => document?.description)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      'Sends the report.\nTo everybody.',
      ...[undefined, undefined, undefined],
    ]);
  });

  it('gives the assignments above a job to it, as crontab(5) reads them', () => {
    const text = [
      'A = some words  ',
      'B="  kept "',
      'C=\'it is "so"\'',
      '"D"=""',
      'SHELL=/bin/bash',
      'HOME=/srv',
      'CRON_TZ=Asia/Tokyo',
      'TZ=UTC',
      'MAILTO=root',
      'LOGNAME=me',
      '* * * * * first',
      'A=other',
      '* * * * * second',
    ].join('\n');
    const { lines } = importCrontab(text, { ...user, timezone: 'Europe/Rome', group: 'db' });
    expect(lines[10]?.document).toEqual({
      name: 'first',
      group: 'db',
      cronExpr: '* * * * *',
      timezone: 'Asia/Tokyo',
      command: 'first',
      shell: ['/bin/bash', '-c'],
      workingDirectory: '/srv',
      env: { A: 'some words', B: '  kept ', C: 'it is "so"', D: '', HOME: '/srv', TZ: 'UTC' },
    });
    expect(lines[12]?.document?.env).toMatchObject({ A: 'other' });
    expect(lines.slice(6, 10).map(({ kind, warnings }) => [kind, warnings?.length])).toEqual([
      ['environment', 1],
      ['environment', 1],
      ['environment', 1],
      ['environment', 1],
    ]);
  });

  const refused: readonly (readonly [source: string, reason: RegExp])[] = [
    ['@reboot /usr/bin/agent', /no one machine whose start/],
    ['@often x', /"@often" is none of @yearly/],
    ['@daily', /too few fields/],
    ['* * * * *', /too few fields/],
    ['* * * * x y', /day of week "x" is nothing cron\(8\) understands/],
    ['61 * * * * x', /minute 61 is outside 0 to 59/],
    ['0 25 * * * x', /hour 25 is outside 0 to 23/],
    ['0 0 30 2 * x', /never fires/],
    ['5/15 * * * * x', /minute "5\/15" is nothing cron/],
    ['H * * * * x', /minute "H" is nothing cron/],
    ['0 0 L * * x', /day of month "L" is nothing cron/],
    ['* 22-2 * * * x', /runs backwards/],
    ['FOO=', /empty value needs quotes/],
    ['FOO="a" b', /empty value needs quotes|nothing may follow/],
    ['0FOO=1', /"0FOO" cannot name a variable/],
    ['CRON_TZ=Mars/Olympus', /no time zone "Mars\/Olympus"/],
    ['* * * * * a\0b', /NUL/],
    ['hello world', /too few fields/],
  ];

  it.each(refused)('refuses %j with its line and reason', (source, reason) => {
    const { lines } = importCrontab(`\n${source}\n* * * * * after`, user);
    expect(lines[1]).toMatchObject({ line: 2, source, kind: 'refused', reason: expect.stringMatching(reason) });
    expect(lines[2]?.kind).toBe('job');
  });

  const names: readonly (readonly [command: string, name: string])[] = [
    ['/usr/local/bin/backup.sh --full', 'backup'],
    ['cd /srv/app && php artisan schedule:run >> /dev/null 2>&1', 'artisan-schedule-run'],
    ['test -x /usr/bin/certbot && perl -e "sleep int(rand(43200))" && certbot -q renew', 'certbot'],
    ['/usr/bin/flock -n /tmp/x.lock /opt/sync/run.py', 'run'],
    ['sudo -u www-data /usr/bin/php -f /var/www/nextcloud/cron.php', 'cron'],
    ['MAILTO=x LANG=C /usr/bin/updatedb', 'updatedb'],
    ['[ -x /usr/lib/php/sessionclean ] && /usr/lib/php/sessionclean', 'sessionclean'],
    ['pg_dump shop | gzip > /backup/shop.gz', 'pg_dump-shop'],
    ['备份 全部', '备份'],
    ['"$HOME/bin/x y"', 'x'],
    ['!!!', 'job'],
  ];

  it.each(names)('names the job of %j %s', (command, name) => {
    const [line] = importCrontab(`* * * * * ${command.replaceAll('%', '\\%')}`, user).lines;
    expect(line?.document?.name).toBe(name);
  });

  it('gives no name twice, nor one that is taken', () => {
    const { lines } = importCrontab('* * * * * sync\n* * * * * sync\n* * * * * sync', {
      ...user,
      existingNames: ['sync-2'],
    });
    expect(lines.map(({ document }) => document?.name)).toEqual(['sync', 'sync-3', 'sync-4']);
  });

  it('names thousands of equal jobs without trying every number for each', () => {
    const { lines } = importCrontab('* * * * * sync\n'.repeat(15_000), user);
    expect(lines.at(-1)?.document?.name).toBe('sync-15000');
  });

  it('refuses a text too large to be a crontab, and a zone nobody knows', () => {
    expect(() => importCrontab('#'.repeat(262_145), user)).toThrow(/at most 256 KiB/);
    expect(() => importCrontab('', { ...user, timezone: 'Mars' })).toThrow(/no time zone "Mars"/);
  });

  it('keeps a user crontab apart from a system one', () => {
    const format = (text: string): string => importCrontab(text, { format: 'auto', existingNames: [] }).format;
    expect(format('0 5 * * * root run-it\n0 6 * * * app run-that')).toBe('system');
    expect(format('0 5 * * * backup\n0 6 * * * root-check now')).toBe('user');
    expect(format('0 5 * * * /usr/bin/backup now')).toBe('user');
    expect(format('# m h dom mon dow user command\n0 5 * * * deploy run')).toBe('system');
    expect(format('# m h  dom mon dow   command\n0 5 * * * run this')).toBe('user');
  });

  it('reads lines that end as on Windows', () => {
    expect(importCrontab('* * * * * sync\r\n\r\n', user).lines.map(({ kind }) => kind)).toEqual(['job', 'blank']);
  });

  it('answers every line once, in order, whatever it is', () => {
    const word = fc.constantFrom(
      '*',
      '*/5',
      '1-5',
      'MON',
      '@daily',
      '@reboot',
      'A=1',
      '#',
      'x',
      '%',
      '"',
      '=',
      'root',
      '0',
    );
    const line = fc.oneof(
      fc.array(word, { maxLength: 9 }).map((words) => words.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('auto', 'system', 'user'), (sources, format) => {
        const clean = sources.map((source) => source.replace(/[\r\n]/g, ' ').replace(/^\ufeff/, ''));
        const { lines } = importCrontab(`${clean.join('\n')}\n`, { format, existingNames: [] } as CrontabImportOptions);
        expect(lines.map(({ source }) => source)).toEqual(clean.length === 0 ? [''] : clean);
        for (const each of lines) expectWhole(each);
      }),
    );
  });
});

function expectWhole({ source, kind, document, reason }: ImportedLine): void {
  const text = source.replace(/^[ \t]+/, '');
  expect(kind === 'blank').toBe(text.trim() === '');
  expect(kind === 'comment').toBe(text.startsWith('#'));
  expect(document !== undefined).toBe(kind === 'job');
  expect(reason !== undefined).toBe(kind === 'refused');
}

describe('a percent sign', () => {
  const cases: readonly (readonly [what: string, command: string, output: string])[] = [
    ['starts the input', 'cat%one%two', 'one\ntwo\n'],
    ['ends a last line that has no end', 'cat%one%two%', 'one\ntwo\n'],
    ['is itself behind a backslash', 'printf "\\%s-" a; cat%50\\%%b', 'a-50%\nb\n'],
    ['leaves other backslashes alone', 'cat%a\\b\\\\%c', 'a\\b\\%c\n'],
    ['gives its input to every command', 'read x; echo "<$x>"; cat%one%two', '<one>\ntwo\n'],
    ['gives its input to both sides of a list', 'true && cat # all of it%one', 'one\n'],
    ['changes nothing in the text', 'cat%$HOME `id` "x" \'y\' \\z%END', '$HOME `id` "x" \'y\' \\z\nEND\n'],
    ['may start empty lines', 'cat%%%x', '\n\nx\n'],
    ['alone gives no input', 'cat%', ''],
  ];

  it.each(cases)('%s: %s', (_, command, output) => {
    expect(run(importCrontab(`* * * * * ${command}`, user).lines[0])).toBe(output);
  });

  it('feeds shells that know no here-document', () => {
    const [, line] = importCrontab("SHELL=/usr/bin/env\n* * * * * cat 'it'%one", user).lines;
    expect(line?.document).toMatchObject({ command: "exec '/usr/bin/env' -c 'cat '\\''it'\\''' <<'END'\none\nEND" });
    expect(line?.document?.shell).toBeUndefined();
  });

  it('keeps the exit code of the command', () => {
    const command = String(importCrontab('* * * * * cat >/dev/null; exit 7%x', user).lines[0]?.document?.command);
    expect(() => execFileSync('/bin/sh', ['-c', command])).toThrow(expect.objectContaining({ status: 7 }));
  });
});

function run(line: ImportedLine | undefined): string {
  const [shell = '/bin/sh', ...options] = (line?.document?.shell as string[] | undefined) ?? ['/bin/sh', '-c'];
  return execFileSync(shell, [...options, String(line?.document?.command)], { input: '' }).toString();
}
