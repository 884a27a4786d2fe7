import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { masterSettings, standaloneSettings, workerSettings } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROLES = ['master', 'worker', 'standalone'] as const;
const SETTINGS = { master: masterSettings, worker: workerSettings, standalone: standaloneSettings };
/** What a program may still need after its drain until it ends itself, in seconds. */
const END_SECONDS = 30;
const LONGEST_STOP_OF_A_MASTER = 20;

const read = (path: string): string => readFileSync(`deploy/${path}`, 'utf8');
const variableOf = (name: string): string =>
  `FLEETCRON_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
const known = new Set(Object.values(SETTINGS).flatMap((settings) => Object.keys(settings).map(variableOf)));

/** The YAML documents of a file; fails where they do not parse. */
// biome-ignore lint/suspicious/noExplicitAny: what other programs read has their shape, not ours.
function documents(path: string): any[] {
  return parseAllDocuments(read(path), { merge: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** Longest time a role may need to stop, given what is set beside it. */
function stopSeconds(role: string, drainSeconds = 10): number {
  return role === 'master' ? LONGEST_STOP_OF_A_MASTER : drainSeconds + END_SECONDS;
}

describe('deploy/', () => {
  it.each(['Dockerfile', 'compose.yaml', ...folder('kubernetes'), ...folder('systemd')])(
    '%s sets nothing that is no setting',
    (path) => {
      const text = read(path).replace(/^\s*#.*$/gm, '');
      expect([...text.matchAll(/FLEETCRON_[A-Z_]+/g)].map(([name]) => name).filter((name) => !known.has(name))).toEqual(
        [],
      );
    },
  );

  it('has an image for each role, which runs its program as nobody special, under an init', () => {
    const dockerfile = read('Dockerfile');
    for (const role of ROLES) {
      const stage = dockerfile.split(`FROM base AS ${role}\n`)[1]?.split('\nFROM ')[0] ?? '';
      expect(stage).toContain(`CMD ["node", "dist/${role}/apps/${role}/src/main.js"]`);
      expect(existsSync(`apps/${role}/src/main.ts`)).toBe(true);
    }
    const base = dockerfile.split(' AS base\n')[1]?.split('\nFROM ')[0] ?? '';
    expect(base).toContain('USER node');
    expect(base).toContain('ENTRYPOINT ["tini", "--"]');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
      sources.split(' '),
    );
    for (const path of copied) expect([path, existsSync(path)]).toEqual([path, true]);
  });

  it('lets into the build only what the image is made of', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .match(/^!.+$/gm)
      ?.map((line) => line.slice(1));
    expect(allowed).toEqual([
      'package.json',
      'package-lock.json',
      '.npmrc',
      'nest-cli.json',
      'tsconfig.json',
      'scripts',
      'libs',
      'apps',
      'packages',
    ]);
  });

  it('composes two masters and three workers with a folder each, and gives them the time to drain', () => {
    const [{ services, volumes }] = documents('compose.yaml');
    const names = Object.keys(services);
    expect(names).toEqual(['etcd', 'mongo', 'master-1', 'master-2', 'worker-1', 'worker-2', 'worker-3']);
    const folders = names.flatMap((name) => services[name].volumes ?? []).map((volume: string) => volume.split(':')[0]);
    expect(new Set(folders).size).toBe(folders.length);
    expect(Object.keys(volumes).sort()).toEqual(folders.sort());
    for (const [name, service] of Object.entries<{ stop_grace_period: string; build: { target: string } }>(services)) {
      const [role = ''] = name.split('-');
      if (!['master', 'worker'].includes(role)) continue;
      expect(service.build.target).toBe(role);
      expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(stopSeconds(role));
    }
  });

  it.each(ROLES)('deploys %s to Kubernetes with probes, a budget for disruptions and the time to drain', (role) => {
    const all = documents(`kubernetes/${role}.yaml`);
    const ofKind = (kind: string) => all.filter((document) => document.kind === kind);
    const [deployment, ...more] = ofKind('Deployment');
    expect(more).toEqual([]);
    const { template, selector } = deployment.spec;
    const [container] = template.spec.containers;
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(ofKind('PodDisruptionBudget').map(({ spec }) => spec.selector)).toEqual([selector]);
    for (const { spec } of ofKind('Service')) expect(spec.selector).toEqual(selector.matchLabels);
    const drain = container.env?.find(({ name }: { name: string }) => name === 'FLEETCRON_DRAIN_SECONDS')?.value;
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(stopSeconds(role, Number(drain ?? 10)));
    expect(template.spec.securityContext.runAsNonRoot).toBe(true);
    const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(mounted).toEqual(template.spec.volumes.map(({ name }: { name: string }) => name));
  });

  it('never has two pods of standalone on one folder', () => {
    const { spec } = documents('kubernetes/standalone.yaml').find(({ kind }) => kind === 'Deployment');
    expect([spec.replicas, spec.strategy]).toEqual([1, { type: 'Recreate' }]);
  });

  it.each(ROLES)('has a systemd unit that starts %s, and gives it the time to drain', (role) => {
    const unit = read(`systemd/fleetcron-${role}.service`);
    const lines = unit.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !/^\[\w+\]$/.test(line));
    for (const line of lines) expect(line).toMatch(/^[A-Z]\w+=\S/);
    const setting = (key: string): string | undefined => new RegExp(`^${key}=(.+)$`, 'm').exec(unit)?.[1];
    expect(setting('ExecStart')).toBe(`/usr/bin/node /opt/fleetcron/dist/${role}/apps/${role}/src/main.js`);
    expect(Number(setting('TimeoutStopSec'))).toBeGreaterThan(stopSeconds(role));
    expect(setting('RestartPreventExitStatus')).toBe('2');
    expect(setting('User')).toBe('fleetcron');
    if (role !== 'master') expect(setting('KillMode')).toBe('process');
  });
});

function folder(name: string): string[] {
  return readdirSync(`deploy/${name}`).map((file) => `${name}/${file}`);
}
