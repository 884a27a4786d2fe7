import { mongo } from 'mongoose';
import { HistoryModels } from './documents.js';
import { DUPLICATE_KEY } from './mongo-errors.js';

/** One roll-up: an hour of a job, or of all jobs together (`jobName` is empty). */
export interface JobHour {
  readonly jobName: string;
  /** Epoch milliseconds. */
  readonly hour: number;
}

/** Two writers may both find a mark missing and both insert it; the one that comes second tries again. */
const ATTEMPTS = 5;

/** `_id` of a roll-up and of its mark. */
export function idOf({ jobName, hour }: JobHour): string {
  return `${hour} ${jobName}`;
}

/** Marks roll-ups as out of date. Many processes write the same marks; each adds one, so that none is overlooked. */
export async function markDirty({ dirty }: HistoryModels, hours: readonly JobHour[]): Promise<void> {
  const byId = new Map(hours.map((hour) => [idOf(hour), hour]));
  if (byId.size === 0) return;
  const operations = [...byId].map(([id, { jobName, hour }]) => ({
    updateOne: {
      filter: { _id: id },
      update: { $inc: { marks: 1 }, $setOnInsert: { jobName, hour: new Date(hour) } },
      upsert: true,
    },
  }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      await dirty.collection.bulkWrite(operations as never, { ordered: false });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isRace(error)) throw error;
    }
  }
}

function isRace(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  return [error.writeErrors].flat().every((writeError) => writeError.code === DUPLICATE_KEY);
}
