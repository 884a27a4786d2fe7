import { OutputChunk, OutputQuery } from '../port/history-store.js';
import { Packed, pack, unpack } from '../record/packing.js';
import { HistoryFile } from './history-file.js';

interface OutputRow {
  readonly run_id: string;
  readonly seq: number;
  readonly job_name: string;
  readonly stream: OutputChunk['stream'];
  readonly at: number;
  readonly start_offset: number;
  readonly cut_before: number;
  readonly gzipped: number;
  readonly data: Uint8Array;
}

const INSERT = `INSERT INTO run_output
  (run_id, seq, job_name, stream, at, start_offset, cut_before, gzipped, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Inserts the chunks in one transaction; those already there stay as they are. */
export async function writeOutput(file: HistoryFile, chunks: readonly OutputChunk[]): Promise<void> {
  const packed = await Promise.all(chunks.map((chunk) => pack(chunk.data)));
  file.write('write output', () => {
    chunks.forEach((chunk, index) => {
      insert(file, chunk, packed[index] as Packed);
    });
  });
}

/** Chunks in the order that was asked for, at most `limit` and about `maxBytes` (of what is kept), but one at least if there is one. */
export async function findOutput(
  file: HistoryFile,
  runId: string,
  query: OutputQuery,
  limit: number,
  maxBytes: number,
): Promise<readonly OutputChunk[]> {
  const rows: OutputRow[] = [];
  let bytes = 0;
  let rest = query;
  while (rows.length < limit && bytes < maxBytes) {
    const row = nextRow(file, runId, rest);
    if (row === undefined) break;
    rows.push(row);
    bytes += row.data.length;
    rest = { ...query, ...(query.beforeSeq === undefined ? { fromSeq: row.seq + 1 } : { beforeSeq: row.seq }) };
  }
  return Promise.all(rows.map(toChunk));
}

function nextRow(file: HistoryFile, runId: string, query: OutputQuery): OutputRow | undefined {
  const { fromSeq = 0, beforeSeq, stream } = query;
  const order = beforeSeq === undefined ? 'ORDER BY seq LIMIT 1' : 'AND seq < ? ORDER BY seq DESC LIMIT 1';
  const bounds = [runId, fromSeq, ...(stream ? [stream] : []), ...(beforeSeq === undefined ? [] : [beforeSeq])];
  const where = `run_id = ? AND seq >= ? ${stream ? 'AND stream = ?' : ''}`;
  return file.get<OutputRow>(`SELECT * FROM run_output WHERE ${where} ${order}`, ...bounds);
}

function insert(file: HistoryFile, chunk: OutputChunk, { gzipped, data }: Packed): void {
  const { runId, seq, jobName, stream, at, offset, cutBefore } = chunk;
  file.run(INSERT, runId, seq, jobName, stream, at, offset, cutBefore, gzipped ? 1 : 0, data);
}

async function toChunk(row: OutputRow): Promise<OutputChunk> {
  const kept = Buffer.from(row.data.buffer, row.data.byteOffset, row.data.byteLength);
  return {
    runId: row.run_id,
    jobName: row.job_name,
    seq: row.seq,
    stream: row.stream,
    at: row.at,
    offset: row.start_offset,
    cutBefore: row.cut_before,
    data: await unpack({ gzipped: row.gzipped === 1, data: kept }),
  };
}
