import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** A worker's id, and whether its data folder has named it before: then whoever holds the folder is that worker. */
export interface WorkerIdentity {
  readonly id: string;
  readonly isNamedByFolder: boolean;
}

/** The id as configured, or the host's name with a suffix that stays in the data folder. The folder remembers it. */
export function identify(configured: string | undefined, dataFolder: string): WorkerIdentity {
  const file = join(dataFolder, 'worker-id');
  const kept = readKept(file);
  const id = configured ?? kept ?? newId();
  if (id !== kept) {
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(file, `${id}\n`);
  }
  return { id, isNamedByFolder: id === kept };
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function newId(): string {
  const host =
    hostname()
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, 100) || 'worker';
  return `${host}-${randomBytes(3).toString('hex')}`;
}

/** An address of this machine that others might reach; the loopback one where there is no other. */
export function addressOfHost(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
