import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isTerminal, Run } from '@app/jobs';
import { EmbeddedHistory, HistoryStore, MongoHistory } from '@app/logs';
import { openSqlite, SystemClock, silentLog } from '@app/platform';
import { createConnection } from 'mongoose';
import { SCHEMA } from '../../../libs/logs/src/embedded/schema.js';
import { historyModels, toRunDocument } from '../../../libs/logs/src/mongo/documents.js';
import { MongoServer } from '../../support/mongo-server.js';

/**
 * Prepares a batch to be written and no more: no second look at what is there, no roll-ups, no retries. What it gives
 * back writes it, once; it is on the disk, as far as the store keeps promises, when that resolves.
 */
export type PrepareBare = (runs: readonly Run[]) => () => Promise<unknown>;

/** Two histories beside each other, with the same tables and indexes: ours, and one that is only written to. */
export interface Pair {
  readonly store: HistoryStore;
  readonly prepareBare: PrepareBare;
  /** Removes both. */
  close(): Promise<void>;
}

/** In two databases of one server, both with all our indexes. */
export async function mongoPair(server: MongoServer): Promise<Pair> {
  const [uri, bareUri] = [server.uri(`bench_${randomUUID()}`), server.uri(`bench_${randomUUID()}`)];
  const ours = new MongoHistory(uri, new SystemClock(), silentLog);
  await ours.prepare();
  const connection = await createConnection(bareUri, { retryWrites: false }).asPromise();
  const { runs: model } = historyModels(connection);
  await model.createIndexes();
  return {
    store: ours,
    prepareBare: (runs) => {
      const documents = runs.map(toRunDocument) as never[];
      return () => model.collection.insertMany(documents, { ordered: false, ignoreUndefined: true });
    },
    close: async () => {
      await ours.close();
      await connection.dropDatabase();
      await connection.useDb(new URL(uri).pathname.slice(1)).dropDatabase();
      await connection.destroy();
    },
  };
}

/** In two files of a folder. The bare one has the same settings of the engine; a batch is one transaction. */
export async function embeddedPair(folder: string): Promise<Pair> {
  mkdirSync(folder);
  const store = new EmbeddedHistory(join(folder, 'ours.db'));
  const bare = openSqlite(join(folder, 'bare.db'));
  bare.exec('PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000;');
  bare.exec(SCHEMA);
  const insert = bare.prepare(`INSERT INTO runs VALUES (${Array.from({ length: 14 }, () => '?').join(', ')})`);
  return {
    store,
    prepareBare: (runs) => async () => {
      bare.exec('BEGIN IMMEDIATE');
      for (const run of runs) insert.run(...rowOf(run));
      bare.exec('COMMIT');
    },
    close: async () => {
      await store.close();
      bare.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The columns of `runs`, in their order. */
function rowOf(run: Run): (string | number | null)[] {
  const { id, jobName, status, trigger, scheduledTime, untilTime = null, count, startTime = null } = run;
  const { endTime = null, worker = null, rootRunId } = run;
  const times = [scheduledTime, untilTime, count, startTime, endTime] as const;
  const endedAt = isTerminal(status) ? (endTime ?? scheduledTime) : null;
  return [id, jobName, status, trigger, ...times, worker, rootRunId, run.late ? 1 : 0, endedAt, JSON.stringify(run)];
}
