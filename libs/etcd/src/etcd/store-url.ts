import { InvalidInput } from '@app/platform';

/** Where an etcd is, and which part of it is ours. */
export interface EtcdLocation {
  /** `host:port` of each member named, at least one. */
  readonly hosts: readonly string[];
  /** Key prefix without a trailing slash, `/cron` unless given. */
  readonly prefix: string;
  /** Whether TLS is spoken: `etcds://`. */
  readonly isSecure: boolean;
  readonly username?: string;
  readonly password?: string;
}

const DEFAULT_PORT = 2379;
const DEFAULT_PREFIX = '/cron';
const SHAPE = /^(etcds?):\/\/(?:([^@/]*)@)?([^/]*)(\/.*)?$/;

/**
 * Reads `etcd://h1:2379,h2:2379/cron`: members, then the key prefix. `etcds://` speaks TLS; a user and password may
 * stand before the hosts, percent-encoded. Throws InvalidInput, naming the setting.
 */
export function parseStoreUrl(url: string, setting = 'FLEETCRON_STORE'): EtcdLocation {
  const match = SHAPE.exec(url.trim());
  if (!match) throw invalid(setting, 'expected etcd://host:port,host:port/prefix');
  const [, scheme, credentials, hostList = '', path = ''] = match;
  const prefix = path.replace(/\/+$/, '');
  return {
    hosts: hostList.split(',').map((host) => parseHost(host.trim(), setting)),
    prefix: prefix === '' ? DEFAULT_PREFIX : prefix,
    isSecure: scheme === 'etcds',
    ...parseCredentials(credentials, setting),
  };
}

function parseHost(text: string, setting: string): string {
  const [, host, port = String(DEFAULT_PORT)] = /^(\[[0-9a-fA-F:.]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw invalid(setting, `"${text}" is not a host, or host:port`);
  }
  return `${host}:${port}`;
}

function parseCredentials(text: string | undefined, setting: string): { username?: string; password?: string } {
  if (text === undefined) return {};
  const [username = '', ...password] = text.split(':');
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password.join(':')) };
  } catch {
    throw invalid(setting, 'user and password must be percent-encoded');
  }
}

function invalid(setting: string, message: string): InvalidInput {
  return new InvalidInput([{ path: setting, message }]);
}
