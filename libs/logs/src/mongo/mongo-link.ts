import { Clock, Log, StoreUnavailable } from '@app/platform';
import { Connection, createConnection } from 'mongoose';
import { withDeadline } from '../port/with-deadline.js';
import { HistoryModels, historyModels } from './documents.js';
import { Access, translated } from './mongo-errors.js';

/** Deadlines of everything that is asked of MongoDB. */
export interface MongoTuning {
  /** A server to talk to must be found within it. */
  readonly selectMs: number;
  /** A call that takes longer counts as failed; the server is told to give up as well. */
  readonly callMs: number;
  /** Connections at most. */
  readonly poolSize: number;
}

export const DEFAULT_MONGO_TUNING: MongoTuning = { selectMs: 3_000, callMs: 8_000, poolSize: 10 };

/** Pause before indexes are tried again after it failed. */
const INDEX_RETRY_MS = 60_000;

const CLOSE_MS = 1_000;

/**
 * The connection: made when first needed and again after it failed, so that a server that is away at the start is no
 * reason not to start. Once made, the driver heals it by itself.
 */
export class MongoLink {
  private connection: Connection | undefined;
  private connecting: Promise<HistoryModels> | undefined;
  private isClosed = false;
  private indexing: Promise<void> | undefined;
  /** On the monotonic clock; infinite once they stand. */
  private triedIndexesAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly uri: string,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tuning: MongoTuning,
  ) {}

  /** Milliseconds after which the server itself should give up on a query. */
  get maxTimeMs(): number {
    return this.tuning.callMs;
  }

  /**
   * What `work` comes to, within the deadline, its errors in the port's words. The signal is for work of many steps:
   * aborted once nobody waits for it any more.
   */
  async call<T>(
    operation: string,
    access: Access,
    work: (models: HistoryModels, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.isClosed) throw new StoreUnavailable(operation, 'notDone', 'the history store is closed');
    const over = new AbortController();
    try {
      const models = await withDeadline(this.clock, this.tuning.selectMs + 500, operation, this.models());
      return await withDeadline(this.clock, this.tuning.callMs + 500, operation, work(models, over.signal));
    } catch (error) {
      throw translated(operation, access, error);
    } finally {
      over.abort();
    }
  }

  /** Connects and makes the indexes; resolves when they stand, rejects with StoreUnavailable when the server is away. */
  async prepare(): Promise<void> {
    const models = await this.call('connect', 'read', async (found) => found);
    await this.ensureIndexes(models);
  }

  /** Closes the connection, even one in the making; calling it again does nothing. */
  async close(): Promise<void> {
    this.isClosed = true;
    const connection = this.connection;
    this.connection = undefined;
    // One in the making ends by itself, at the latest when no server was found in time.
    if (connection) await withDeadline(this.clock, CLOSE_MS, 'close', connection.destroy()).catch(() => {});
  }

  private async models(): Promise<HistoryModels> {
    this.connecting ??= this.connect();
    try {
      const models = await this.connecting;
      void this.ensureIndexes(models);
      return models;
    } catch (error) {
      this.connecting = undefined;
      throw error;
    }
  }

  private async connect(): Promise<HistoryModels> {
    const connection = createConnection();
    this.connection = connection;
    // Without a listener an error of the connection ends the process. The calls that suffer from it report it.
    connection.on('error', (error: unknown) => this.log.debug('the connection to MongoDB failed', { error }));
    const models = historyModels(connection);
    try {
      await connection.openUri(this.uri, {
        serverSelectionTimeoutMS: this.tuning.selectMs,
        connectTimeoutMS: this.tuning.selectMs,
        socketTimeoutMS: this.tuning.callMs,
        maxPoolSize: this.tuning.poolSize,
        // Every write here may be repeated, and whoever asked repeats it: no need for the driver's own retries, which
        // not every server has.
        retryWrites: false,
        bufferCommands: false,
        autoCreate: false,
        autoIndex: false,
        ...(/[?&]w=/i.test(this.uri) ? {} : { writeConcern: { w: 'majority' } }),
      });
    } catch (error) {
      await connection.destroy().catch(() => {});
      throw error;
    }
    return models;
  }

  /** In the background: scheduling and records do not wait for an index over a large history. */
  private async ensureIndexes(models: HistoryModels): Promise<void> {
    if (this.clock.monotonic() - this.triedIndexesAt >= INDEX_RETRY_MS) {
      this.triedIndexesAt = this.clock.monotonic();
      this.indexing = this.createIndexes(models);
    }
    await this.indexing;
  }

  private async createIndexes(models: HistoryModels): Promise<void> {
    try {
      for (const model of Object.values(models)) await model.createIndexes();
      this.triedIndexesAt = Number.POSITIVE_INFINITY;
    } catch (error) {
      if (!this.isClosed) this.log.warn('indexes of the history could not be made; lists may be slow', { error });
    }
  }
}
