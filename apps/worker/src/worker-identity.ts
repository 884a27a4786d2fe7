import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** The worker's id: as configured, or the host's name with a suffix that stays in the data folder. */
export function workerIdOf(configured: string | undefined, dataFolder: string): string {
  if (configured !== undefined) return configured;
  const file = join(dataFolder, 'worker-id');
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept.length > 0) return kept;
  } catch {
    // The first start in this folder.
  }
  const host =
    hostname()
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, 100) || 'worker';
  const id = `${host}-${randomBytes(3).toString('hex')}`;
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, `${id}\n`);
  return id;
}

/** An address of this machine that others might reach; the loopback one where there is no other. */
export function addressOfHost(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
