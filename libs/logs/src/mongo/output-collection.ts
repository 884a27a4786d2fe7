import { mongo } from 'mongoose';
import { OutputChunk, OutputQuery } from '../port/history-store.js';
import { pack, unpack } from '../record/packing.js';
import { HistoryModels, OutputDocument } from './documents.js';
import { duplicatesOf } from './run-writer.js';

/** Inserts the chunks; those already there stay as they are. */
export async function writeOutput({ output }: HistoryModels, chunks: readonly OutputChunk[]): Promise<void> {
  const documents = await Promise.all(chunks.map(toDocument));
  try {
    await output.collection.insertMany(documents as never[], { ordered: false });
  } catch (error) {
    duplicatesOf(error);
  }
}

/** Chunks in the order that was asked for, at most `limit` and about `maxBytes` (of what is kept), but one at least if there is one. */
export async function findOutput(
  { output }: HistoryModels,
  runId: string,
  query: OutputQuery,
  limit: number,
  maxBytes: number,
  maxTimeMs: number,
): Promise<readonly OutputChunk[]> {
  const { fromSeq = 0, beforeSeq, stream } = query;
  const filter = {
    runId: { $eq: runId },
    seq: { $gte: fromSeq, ...(beforeSeq !== undefined && { $lt: beforeSeq }) },
    ...(stream !== undefined && { stream: { $eq: stream } }),
  };
  const cursor = output.collection.find<OutputDocument>(filter as never, {
    sort: { seq: beforeSeq === undefined ? 1 : -1 },
    limit,
    maxTimeMS: maxTimeMs,
    batchSize: 20,
  });
  const documents: OutputDocument[] = [];
  let bytes = 0;
  // Leaving the loop early closes the cursor.
  for await (const document of cursor) {
    documents.push(document);
    bytes += document.data.length();
    if (bytes >= maxBytes) break;
  }
  return Promise.all(documents.map(toChunk));
}

async function toDocument(chunk: OutputChunk): Promise<OutputDocument> {
  const { gzipped, data } = await pack(chunk.data);
  const { runId, jobName, seq, stream, offset, cutBefore } = chunk;
  const _id = `${runId}/${seq}`;
  return {
    _id,
    runId,
    jobName,
    seq,
    stream,
    at: new Date(chunk.at),
    offset,
    cutBefore,
    gzipped,
    data: new mongo.Binary(data),
  };
}

async function toChunk(document: OutputDocument): Promise<OutputChunk> {
  const { runId, jobName, seq, stream, at, offset, cutBefore, gzipped } = document;
  const data = await unpack({ gzipped, data: Buffer.from(document.data.value()) });
  return { runId, jobName, seq, stream, at: at.getTime(), offset, cutBefore, data };
}
