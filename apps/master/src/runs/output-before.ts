import { OutputStream } from '@app/jobs';
import { HistoryStore } from '@app/logs';

/** How far a stream had come before a piece of its run. */
export interface StreamBefore {
  /** Bytes it had brought, what was cut counted. */
  readonly length: number;
  /** The last few of them: enough for a character that goes on in what follows. */
  readonly bytes: Buffer;
}

/** The longest character of UTF-8 has four bytes; so many of them may stand before a piece. */
const MOST_OF_A_CHARACTER = 3;

/** What a stream brought before the piece of this `seq`. Throws StoreUnavailable. */
export async function streamBefore(
  history: HistoryStore,
  runId: string,
  stream: OutputStream,
  seq: number,
): Promise<StreamBefore> {
  let length: number | undefined;
  let bytes = Buffer.alloc(0);
  for (let beforeSeq = seq; beforeSeq > 0 && bytes.length < MOST_OF_A_CHARACTER; ) {
    const [chunk] = await history.findOutput(runId, { stream, beforeSeq, limit: 1 });
    if (!chunk) break;
    length ??= chunk.offset + chunk.data.length;
    bytes = Buffer.concat([chunk.data, bytes]);
    beforeSeq = chunk.cutBefore > 0 ? 0 : chunk.seq;
  }
  return { length: length ?? 0, bytes: bytes.subarray(-MOST_OF_A_CHARACTER) };
}
