import { readCrontabLine } from './crontab-line.js';

/** `system`: with a user column, as /etc/crontab and /etc/cron.d; `user`: without, as `crontab -l` prints. */
export type CrontabFormat = 'system' | 'user';

/** Users a Debian system has from the start, and those its services add. */
const WELL_KNOWN = new Set(
  `root daemon bin sys man lp mail news uucp proxy www-data backup list irc nobody postgres mysql redis git nginx
  apache munin debian-spamd logcheck amavis clamav dovecot postfix sshd ubuntu admin centos ec2-user`.split(/\s+/),
);

/**
 * Whether the entries have a user column. A header comment that names it decides; else it is one when every entry's
 * sixth word could be a user with a command behind it, and one of them is a user systems have.
 */
export function detectFormat(lines: readonly string[]): CrontabFormat {
  const header = lines.find((line) => /^\s*#.*\bdow\b|^\s*#.*day of week.*command/i.test(line));
  if (header && /\bdow\s+(user|user-name|username|who)\b/i.test(header)) return 'system';
  const users = lines.flatMap((line) => {
    const asSystem = readCrontabLine(line, true);
    if (asSystem.kind === 'entry') return [asSystem.user ?? ''];
    return readCrontabLine(line, false).kind === 'entry' ? [''] : [];
  });
  const mayBeUsers = users.every((user) => /^[a-z_][a-z0-9_-]{0,31}$/.test(user));
  return mayBeUsers && users.some((user) => WELL_KNOWN.has(user)) ? 'system' : 'user';
}
