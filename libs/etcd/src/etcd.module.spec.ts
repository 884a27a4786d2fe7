import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, InvalidInput, ManualClock, silentLog } from '@app/platform';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, describe, expect, it } from 'vitest';
import { EmbeddedStore } from './embedded/embedded-store.js';
import { EtcdStore } from './etcd/etcd-store.js';
import { COORDINATION_STORE, EtcdModule } from './etcd.module.js';
import { LockService } from './lock/lock-service.js';
import { MemoryStore } from './memory/memory-store.js';
import { openCoordinationStore, parseStoreSetting } from './open-store.js';

const clock = new ManualClock();
const folder = mkdtempSync(join(tmpdir(), 'fleetcron-module-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('EtcdModule', () => {
  it('provides the store and the locks, and closes the store when the application ends', async () => {
    @Module({
      imports: [
        EtcdModule.forRootAsync({
          useFactory: async () => ({ ...parseStoreSetting(`embedded:${folder}`), clock, log: silentLog }),
        }),
      ],
    })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    const store = app.get(COORDINATION_STORE);
    expect(store).toBeInstanceOf(EmbeddedStore);
    const locks = app.get(LockService);
    expect(await locks.acquire(locks.keyOf('backup'), 'run-1')).toMatchObject({ key: '/cron/lock/backup' });
    expect(() => EmbeddedStore.open({ folder, clock, log: silentLog })).toThrow(FolderInUse);
    await app.close();
    await expect(store.get('/x')).rejects.toThrow('closed');
    await EmbeddedStore.open({ folder, clock, log: silentLog }).close();
  });

  it.each([
    ['memory:', { location: { kind: 'memory' }, prefix: '/cron' }],
    ['embedded:./data', { location: { kind: 'embedded', folder: './data' }, prefix: '/cron' }],
    ['etcd://a:1,b/x', { location: { kind: 'etcd', hosts: ['a:1', 'b:2379'], tls: false }, prefix: '/x' }],
    ['etcds://u:p@a', { location: { kind: 'etcd', hosts: ['a:2379'], tls: true, username: 'u', password: 'p' } }],
  ])('understands the setting %s', (setting, expected) => {
    expect(parseStoreSetting(setting)).toMatchObject(expected);
  });

  it('opens what the setting says', async () => {
    const memory = openCoordinationStore({ ...parseStoreSetting('memory:'), clock, log: silentLog });
    const etcd = openCoordinationStore({ ...parseStoreSetting('etcd://127.0.0.1:1'), clock, log: silentLog });
    expect([memory instanceof MemoryStore, etcd instanceof EtcdStore]).toEqual([true, true]);
    await Promise.all([memory.close(), etcd.close()]);
    expect(() => parseStoreSetting('mysql://x')).toThrow(InvalidInput);
  });
});
