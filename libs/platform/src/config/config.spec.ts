import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EXIT_INVALID_CONFIG, orExit } from './config-or-exit.js';
import { loadConfig, unknownVariables } from './load-config.js';
import { masterSettings, standaloneSettings, workerSettings } from './program-settings.js';
import { Secret } from './secret.js';

const files: Record<string, string> = {};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`no such file: ${path}`);
  return text;
};
const standalone = (env: Record<string, string> = {}) => loadConfig(standaloneSettings, { env, readFile });
const STORES = { FLEETCRON_STORE: 'etcd://h1:2379/cron', FLEETCRON_HISTORY: 'mongodb://h1/fleetcron' };

describe('the configuration', () => {
  it('of standalone needs nothing', () => {
    const config = standalone();
    expect(config).toMatchObject({
      httpHost: '127.0.0.1',
      httpPort: 8080,
      data: './data',
      slots: 100,
      group: 'default',
    });
    expect(config.store).toBeUndefined();
    expect(config.adminPassword).toBeUndefined();
  });

  it('takes every variable', () => {
    const config = standalone({
      FLEETCRON_HTTP_PORT: '0',
      FLEETCRON_LABELS: 'disk=ssd, zone=a',
      FLEETCRON_PASS_ENV: 'HTTP_PROXY,NO_PROXY',
      FLEETCRON_METRICS_PUBLIC: 'true',
      FLEETCRON_PUBLIC_URL: 'https://cron.example.org',
      FLEETCRON_ADMIN_PASSWORD: 'correct horse',
      FLEETCRON_GROUP: '',
    });
    expect(config).toMatchObject({
      httpPort: 0,
      labels: { disk: 'ssd', zone: 'a' },
      passEnv: ['HTTP_PROXY', 'NO_PROXY'],
      metricsPublic: true,
      group: 'default',
    });
    expect(config.adminPassword?.reveal()).toBe('correct horse');
  });

  it.each([
    ['FLEETCRON_HTTP_PORT', '65536', 'must be a whole number from 0 to 65535; it is "65536"'],
    ['FLEETCRON_HTTP_PORT', '80.5', 'must be a whole number'],
    ['FLEETCRON_SLOTS', '0', 'from 1 to 10000'],
    ['FLEETCRON_METRICS_PUBLIC', 'yes', 'must be true or false; it is "yes"'],
    ['FLEETCRON_STORE', 'redis://x', 'must be like embedded:./data or etcd://'],
    ['FLEETCRON_LABELS', 'ssd', 'must be pairs like'],
    ['FLEETCRON_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error'],
    ['FLEETCRON_BOOTSTRAP_TOKEN', 'short', 'must have at least 24'],
    ['FLEETCRON_ADMIN_PASSWORD', 'admin', 'must have 8 to 256 characters'],
    ['FLEETCRON_CONFIG', 'nowhere.yaml', 'no such file'],
  ])('names %s=%s and what was expected', (variable, value, message) => {
    expect(() => standalone({ [variable]: value })).toThrow(`${variable} `);
    expect(() => standalone({ [variable]: value })).toThrow(message);
  });

  it('names all that is wrong at once', () => {
    expect(() => loadConfig(masterSettings, { env: { FLEETCRON_HTTP_PORT: 'x' }, readFile })).toThrow(
      /FLEETCRON_HTTP_PORT.*FLEETCRON_STORE.*it is not set.*FLEETCRON_HISTORY/s,
    );
  });

  it('refuses embedded stores where several processes would share them', () => {
    const env = { ...STORES, FLEETCRON_STORE: 'embedded:./data' };
    expect(() => loadConfig(workerSettings, { env, readFile })).toThrow('serves one process');
    expect(loadConfig(workerSettings, { env: STORES, readFile }).httpPort).toBe(0);
  });

  it('never says a secret', () => {
    const env = { FLEETCRON_BOOTSTRAP_TOKEN: 'tell-nobody', FLEETCRON_STORE: 'redis://me:tell-nobody@h' };
    expect(() => standalone(env)).not.toThrow(/tell-nobody/);
    const config = standalone({ FLEETCRON_STORE: 'etcd://me:tell-nobody@h1/cron' });
    expect(`${JSON.stringify(config)}${inspect(config, { depth: 5 })}${String(config.store)}`).not.toContain(
      'tell-nobody',
    );
    expect(new Secret('x').reveal()).toBe('x');
  });

  it('is read from a file too; the environment wins', () => {
    files['ours.yaml'] = 'httpPort: 9090\nslots: 5\nlabels: { disk: ssd }\nmetricsPublic: true\n';
    const config = standalone({ FLEETCRON_CONFIG: 'ours.yaml', FLEETCRON_SLOTS: '7' });
    expect(config).toMatchObject({ httpPort: 9090, slots: 7, labels: { disk: 'ssd' }, metricsPublic: true });
  });

  it.each([
    ['httpPort: [', 'must name a YAML file'],
    ['- a', 'holds no map'],
    ['htpPort: 1', 'there is no setting "htpPort"'],
    ['slots: 1\nslots: 2', 'must name a YAML file'],
    ['slots: many', 'FLEETCRON_SLOTS must be a whole number'],
  ])('refuses the file %j', (text, message) => {
    files['bad.yaml'] = text;
    expect(() => standalone({ FLEETCRON_CONFIG: 'bad.yaml' })).toThrow(message);
  });

  it('points at variables that may be typing errors', () => {
    const env = { FLEETCRON_HTTP_PROT: '1', FLEETCRON_SLOTS: '1', FLEETCRON_CONFIG: 'x', OTHER: 'y' };
    expect(unknownVariables([standaloneSettings], env)).toEqual(['FLEETCRON_HTTP_PROT']);
  });

  it('that is wrong ends the program with 2 and a sentence per setting', () => {
    const lines: string[] = [];
    const exit = (code: number): never => {
      throw new Error(`exit ${code}`);
    };
    const start = () => orExit(() => standalone({ FLEETCRON_SLOTS: 'x' }), { print: (line) => lines.push(line), exit });
    expect(start).toThrow(`exit ${EXIT_INVALID_CONFIG}`);
    expect(lines).toEqual([
      'fleetcron cannot start:',
      '  FLEETCRON_SLOTS must be a whole number from 1 to 10000; it is "x"',
    ]);
  });
});
