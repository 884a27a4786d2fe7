import { randomBytes } from 'node:crypto';
import { InvalidInput } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { sampleChunk } from './samples.js';
import { StoreUnderTest } from './store-under-test.js';

/** Chunks of output. */
export function outputContract(store: StoreUnderTest): void {
  describe('output', () => {
    it('gives back chunks as they came, by ascending seq', async () => {
      const chunks = [
        sampleChunk('r1', 0, 'one\n'),
        sampleChunk('r1', 1, 'oops\n', { stream: 'stderr', offset: 0 }),
        sampleChunk('r1', 2, 'two\n'.repeat(1_000), { cutBefore: 17, offset: 21 }),
      ];
      await store().writeOutput([chunks[2]!, chunks[0]!]);
      await store().writeOutput([chunks[1]!, sampleChunk('r2', 0, 'another run')]);
      expect(await store().findOutput('r1', {})).toEqual(chunks);
    });

    it('takes any bytes, and none at all', async () => {
      const bytes = [
        Buffer.from([0, 0xff, 0xc3, 0x28, 0x1b, 0x5b]),
        randomBytes(100_000),
        Buffer.alloc(0),
        Buffer.alloc(200_000),
      ];
      await store().writeOutput(bytes.map((data, seq) => sampleChunk('r1', seq, '', { data })));
      const found = await store().findOutput('r1', {});
      expect(found.map((chunk, index) => chunk.data.equals(bytes[index]!))).toEqual([true, true, true, true]);
    });

    it('leaves what is there as it is when a chunk comes again', async () => {
      await store().writeOutput([sampleChunk('r1', 0, 'first'), sampleChunk('r1', 0, 'twice in one batch')]);
      await store().writeOutput([sampleChunk('r1', 0, 'again'), sampleChunk('r1', 1, 'new')]);
      expect((await store().findOutput('r1', {})).map((chunk) => chunk.data.toString())).toEqual(['first', 'new']);
    });

    it('goes on from a seq, and keeps the streams apart when asked', async () => {
      await store().writeOutput(
        Array.from({ length: 10 }, (_, seq) =>
          sampleChunk('r1', seq, `${seq}`, { stream: seq % 3 ? 'stdout' : 'stderr' }),
        ),
      );
      const seqs = async (query: object) => (await store().findOutput('r1', query)).map((chunk) => chunk.seq);
      expect(await seqs({ fromSeq: 7 })).toEqual([7, 8, 9]);
      expect(await seqs({ stream: 'stderr' })).toEqual([0, 3, 6, 9]);
      expect(await seqs({ stream: 'stderr', fromSeq: 1, limit: 2 })).toEqual([3, 6]);
      expect(await seqs({ fromSeq: 10 })).toEqual([]);
    });

    it('goes back from a seq', async () => {
      await store().writeOutput(
        Array.from({ length: 10 }, (_, seq) =>
          sampleChunk('r1', seq, `${seq}`, { stream: seq % 3 ? 'stdout' : 'stderr' }),
        ),
      );
      const seqs = async (query: object) => (await store().findOutput('r1', query)).map((chunk) => chunk.seq);
      expect(await seqs({ beforeSeq: 3 })).toEqual([2, 1, 0]);
      expect(await seqs({ stream: 'stderr', beforeSeq: 9, limit: 2 })).toEqual([6, 3]);
      expect(await seqs({ beforeSeq: 7, fromSeq: 5 })).toEqual([6, 5]);
      expect(await seqs({ beforeSeq: 0 })).toEqual([]);
    });

    it('gives out a large output in bounded pieces, all of it in the end', async () => {
      const data = randomBytes(1024 * 1024);
      for (let seq = 0; seq < 8; seq += 1) await store().writeOutput([sampleChunk('r1', seq, '', { data })]);
      let fromSeq = 0;
      for (;;) {
        const chunks = await store().findOutput('r1', { fromSeq });
        if (chunks.length === 0) break;
        expect(chunks.length).toBeLessThan(8);
        fromSeq = chunks.at(-1)!.seq + 1;
      }
      expect(fromSeq).toBe(8);
    });

    it('refuses a limit that makes no sense', async () => {
      await expect(store().findOutput('r1', { limit: 0 })).rejects.toBeInstanceOf(InvalidInput);
      await expect(store().findOutput('r1', { limit: 1e9 })).rejects.toBeInstanceOf(InvalidInput);
    });
  });
}
