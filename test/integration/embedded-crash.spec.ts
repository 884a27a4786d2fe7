import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from '@app/etcd';
import { FolderInUse, SystemClock, silentLog } from '@app/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/build-program.js';
import { ChildProgram, startProgram } from '../support/child-program.js';

describe('the embedded store under kill -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetcron-crash-'));
  const programs: ChildProgram[] = [];
  let writer: string;

  beforeAll(async () => {
    writer = (await buildProgram('test/integration/embedded-writer.program.ts')).path;
  });

  afterAll(async () => {
    for (const program of programs) await program.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(): EmbeddedStore {
    return EmbeddedStore.open({ folder, clock: new SystemClock(), log: silentLog });
  }

  function start(firstNumber: number): ChildProgram {
    const program = startProgram(writer, folder, String(firstNumber));
    programs.push(program);
    return program;
  }

  it('keeps every answer it gave, whenever it is killed', async () => {
    const acknowledged = new Map<number, number>();
    let next = 0;
    for (const acks of [1, 20, 333, 40, 777, 5]) {
      const program = start(next);
      await program.line(`ack ${next + acks} `);
      await program.kill();
      for (const line of program.lines) {
        const [word, number, revision] = line.split(' ');
        if (word === 'ack' && revision !== undefined) acknowledged.set(Number(number), Number(revision));
      }
      const store = open();
      for (const [number, revision] of acknowledged) {
        expect(await store.get(`/n/${number}`), `/n/${number}`).toMatchObject({ modRevision: revision });
      }
      expect(await store.get('/presence')).toBeUndefined();
      expect((await store.get('/last'))!.modRevision).toBeLessThan((await store.status()).revision + 1);
      await store.close();
      next = Math.max(...acknowledged.keys()) + 10;
    }
    expect(acknowledged.size).toBeGreaterThan(1_000);
  });

  it('refuses a second process on the folder by the first one’s pid, and lets it in once that was killed', async () => {
    const program = start(1_000_000);
    await program.line('ready');
    expect(open).toThrow(FolderInUse);
    expect(open).toThrow(`process ${program.pid}`);
    await program.kill();
    await open().close();
  });
});
