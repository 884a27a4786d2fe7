import { mongo } from 'mongoose';
import { JobHour } from '../rollup/hours.js';
import { HistoryModels, NoteDocument } from './documents.js';
import { DUPLICATE_KEY } from './mongo-errors.js';

/** Hours in one note: records of long stretches touch thousands, and a document has an end. */
const HOURS_PER_NOTE = 10_000;
/** Notes turned into marks at once. */
const NOTES_PER_FOLD = 50;

/** Two writers may both find a mark missing and both insert it; the one that comes second tries again. */
const ATTEMPTS = 5;

/** `_id` of a roll-up and of its mark. */
export function idOf({ jobName, hour }: JobHour): string {
  return `${hour} ${jobName}`;
}

/**
 * Notes that roll-ups are out of date: one document for a batch of records, whatever number of jobs it is of. Whoever
 * recomputes makes marks of the notes first.
 */
export async function noteHours({ notes }: HistoryModels, hours: readonly JobHour[]): Promise<void> {
  const distinct = [...new Map(hours.map((hour) => [idOf(hour), hour])).values()];
  for (let at = 0; at < distinct.length; at += HOURS_PER_NOTE) {
    await notes.collection.insertOne({ hours: byHour(distinct.slice(at, at + HOURS_PER_NOTE)) } as never);
  }
}

/** The hour once for all its jobs: a batch of records is mostly of one or two. */
function byHour(hours: readonly JobHour[]): NoteDocument['hours'] {
  const jobNames = new Map<number, string[]>();
  for (const { jobName, hour } of hours) {
    const names = jobNames.get(hour);
    if (names) names.push(jobName);
    else jobNames.set(hour, [jobName]);
  }
  return [...jobNames].map(([hour, names]) => ({ hour: new Date(hour), jobNames: names }));
}

/**
 * Makes marks of some notes; false when none are left. A note goes once its marks stand, so that a crash in between marks
 * twice: then a roll-up is recomputed once more.
 */
export async function foldNotes(models: HistoryModels, maxTimeMs: number): Promise<boolean> {
  const found = await models.notes.find().limit(NOTES_PER_FOLD).maxTimeMS(maxTimeMs).lean<NoteDocument[]>();
  if (found.length === 0) return false;
  const hours = found.flatMap((note) =>
    note.hours.flatMap(({ hour, jobNames }) => jobNames.map((jobName) => ({ jobName, hour: hour.getTime() }))),
  );
  await markDirty(models, hours);
  await models.notes.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
  return found.length === NOTES_PER_FOLD;
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
  const writeErrors = [error.writeErrors].flat();
  return writeErrors.length > 0 && writeErrors.every((writeError) => writeError.code === DUPLICATE_KEY);
}
