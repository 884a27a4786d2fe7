import { isTerminal, Run } from '@app/jobs';
import { mongo, QueryFilter } from 'mongoose';
import { coalesceRuns, isLateTruth, isToldByItsWorker } from '../record/precedence.js';
import { hoursOf } from '../rollup/hours.js';
import { noteHours } from './dirty-hours.js';
import { HistoryModels, RunDocument, toRunDocument } from './documents.js';
import { DUPLICATE_KEY } from './mongo-errors.js';

/**
 * Plain inserts first; only for ids that are there already, a replacement guarded by the stored status, which the server
 * compares and replaces in one step. Hours are noted after the write and on every replay, so that a crash in between
 * is made good when the batch comes again.
 */
export async function writeRuns(models: HistoryModels, runs: readonly Run[]): Promise<void> {
  const latest = coalesceRuns(runs);
  const known = await insertNew(models, latest);
  if (known.length > 0) {
    await models.runs.collection.bulkWrite(
      known.map((run) => ({ replaceOne: { filter: guard(run), replacement: bodyOf(run) } })) as never,
      { ordered: false, ignoreUndefined: true },
    );
  }
  await noteHours(
    models,
    latest.flatMap((run) => hoursOf(run).map((hour) => ({ jobName: run.jobName, hour }))),
  );
}

/** The runs whose ids were there already. */
async function insertNew({ runs: model }: HistoryModels, runs: readonly Run[]): Promise<readonly Run[]> {
  try {
    await model.collection.insertMany(runs.map(toRunDocument) as never[], { ordered: false, ignoreUndefined: true });
    return [];
  } catch (error) {
    return duplicatesOf(error).map((index) => runs[index] as Run);
  }
}

/** Positions in the batch of what was there already. Throws the error when that was not all that went wrong. */
export function duplicatesOf(error: unknown): readonly number[] {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
  const writeErrors = [error.writeErrors].flat();
  const other = writeErrors.find((writeError) => writeError.code !== DUPLICATE_KEY);
  if (other !== undefined) throw new mongo.MongoServerError({ code: other.code, message: other.errmsg });
  if (writeErrors.length === 0 || error.result?.getWriteConcernError()) throw error;
  return writeErrors.map((writeError) => writeError.index);
}

/** Holds exactly where `takesOver` says that the run may replace what is stored. */
function guard(run: Run): QueryFilter<RunDocument> {
  if (run.status === 'queued') return { _id: run.id, status: 'queued' };
  const live = { status: { $in: ['queued', 'running'] as const } };
  if (!isTerminal(run.status)) return { _id: run.id, ...live };
  const others: QueryFilter<RunDocument>[] = [];
  if (isLateTruth(run)) others.push({ status: 'lost' });
  if (isToldByItsWorker(run)) {
    others.push({ status: run.status, late: run.late ? true : { $ne: true }, command: { $exists: false } });
  }
  return { _id: run.id, $or: [live, ...others] };
}

function bodyOf(run: Run): Omit<RunDocument, '_id'> {
  const { _id, ...body } = toRunDocument(run);
  return body;
}
