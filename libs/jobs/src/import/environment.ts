import { TimeZone } from '../schedule/time-zone.js';

/** What the assignments read so far mean for the jobs below them. */
export interface CrontabEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly shell: string;
  readonly timezone: string | undefined;
}

/** An assignment taken in, with what a reader should know about it, or refused. */
export type AssignmentOutcome =
  | { readonly ok: true; readonly environment: CrontabEnvironment; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** The environment of a crontab before its first assignment. */
export function initialEnvironment(timezone: string | undefined): CrontabEnvironment {
  return { env: {}, shell: '/bin/sh', timezone };
}

/** The environment below one more assignment. SHELL, CRON_TZ and mail are fields of a job or not known to it. */
export function assign(before: CrontabEnvironment, name: string, value: string): AssignmentOutcome {
  const taken = (change: Partial<CrontabEnvironment>, ...warnings: string[]): AssignmentOutcome => {
    return { ok: true, environment: { ...before, ...change }, warnings };
  };
  switch (name) {
    case 'SHELL':
      return taken({ shell: value });
    case 'CRON_TZ':
      if (!TimeZone.of(value)) return { ok: false, reason: `CRON_TZ: there is no time zone "${value.slice(0, 40)}"` };
      return taken({ timezone: value }, 'taken as the time zone of the schedules below; not every cron does so');
    case 'MAILTO':
    case 'MAILFROM':
      return value === '' ? taken({}) : taken({}, 'output is kept with each run instead of being mailed');
    case 'LOGNAME':
    case 'USER':
      return taken({}, 'left out: it follows from the user a job runs as');
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) return { ok: false, reason: `"${name}" cannot name a variable` };
  if (name.startsWith('FLEETCRON_')) return { ok: false, reason: 'FLEETCRON_ names are given by the worker' };
  return taken({ env: { ...before.env, [name]: value } }, ...notes(name, value));
}

function notes(name: string, value: string): string[] {
  if (name === 'TZ') return ['changes the time a command sees, not when it runs; CRON_TZ would'];
  return value.includes('$') ? ['taken literally: variables in it are not replaced, as in cron(8)'] : [];
}
