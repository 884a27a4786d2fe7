import { appendFile, FileHandle, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@app/platform';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleChunk, sampleRun } from '../contract/samples.js';
import { decodeEntry, Entry, encodeEntry } from './entry.js';
import { SegmentReader } from './segment-reader.js';
import { SegmentWriter } from './segment-writer.js';
import { Spool } from './spool.js';

const run = (id: string): Entry => ({ kind: 'run', run: sampleRun({ id }) });

describe('Spool', () => {
  let folder: string;
  let spool: Spool;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetcron-spool-'));
    spool = await Spool.open(folder, 2_000, silentLog);
  });

  afterEach(async () => {
    await spool.close();
    await rm(folder, { recursive: true });
  });

  async function drain(from: Spool): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (;;) {
      const batch = await from.read(7, 1_000_000);
      if (batch === undefined) return entries;
      entries.push(...batch.entries);
      await from.acknowledge();
    }
  }

  async function reopen(): Promise<Spool> {
    await spool.close();
    spool = await Spool.open(folder, 2_000, silentLog);
    return spool;
  }

  it('gives back what was appended, in order, and leaves no file behind', async () => {
    const entries = Array.from({ length: 50 }, (_, n) => run(`r${n}`));
    for (const entry of entries) await spool.append([entry]);
    expect((await readdir(folder)).length).toBeGreaterThan(5);
    expect(await drain(spool)).toEqual(entries);
    expect(await readdir(folder)).toEqual([]);
    expect(spool.bytes).toBe(0);
  });

  it('gives back runs and chunks of any bytes as they were', async () => {
    const chunk = sampleChunk('r1', 3, '', { data: Buffer.from([0, 255, 10, 0xfc]), cutBefore: 5 });
    const entries: Entry[] = [
      { kind: 'output', chunk },
      run('日报 \0 \ud800 😀'),
      { kind: 'output', chunk: { ...chunk, data: Buffer.alloc(0) } },
    ];
    await spool.append(entries);
    expect(await drain(await reopen())).toEqual(entries);
  });

  it('gives again, after a restart, what was not acknowledged', async () => {
    await spool.append([run('a'), run('b')]);
    expect((await spool.read(1, 1_000_000))?.entries).toEqual([run('a')]);
    expect(await drain(await reopen())).toEqual([run('a'), run('b')]);
  });

  it('gives again what it had read when the disk failed', async () => {
    const entries = Array.from({ length: 10 }, (_, n) => run(`r${n}`));
    await spool.append(entries);
    const next = SegmentReader.prototype.next;
    let calls = 0;
    vi.spyOn(SegmentReader.prototype, 'next').mockImplementation(function (this: SegmentReader, end) {
      return ++calls === 5 ? Promise.reject(new Error('EIO')) : next.call(this, end);
    });
    await expect(spool.read(7, 1_000_000)).rejects.toThrow('EIO');
    vi.restoreAllMocks();
    expect(await drain(spool)).toEqual(entries);
  });

  it('gives again what it had read of a second file when the disk failed there', async () => {
    await spool.append([run('first')]);
    await spool.read(7, 1_000_000);
    await reopen();
    const entries = Array.from({ length: 4 }, (_, n) => run(`r${n}`));
    await spool.append(entries);
    expect((await spool.read(1, 1_000_000))?.entries).toEqual([run('first')]);
    const next = SegmentReader.prototype.next;
    let calls = 0;
    vi.spyOn(SegmentReader.prototype, 'next').mockImplementation(function (this: SegmentReader, end) {
      return ++calls === 4 ? Promise.reject(new Error('EIO')) : next.call(this, end);
    });
    await expect(spool.read(7, 1_000_000)).rejects.toThrow('EIO');
    vi.restoreAllMocks();
    expect(await drain(spool)).toEqual(entries);
  });

  it('gives again what it had read when the disk failed far into a file', async () => {
    // Two of them are more than is read of a file at once.
    const entries = ['a', 'b', 'c', 'd'].map((id): Entry => {
      return { kind: 'run', run: sampleRun({ id, output: id.repeat(600_000) }) };
    });
    await spool.append(entries);
    const disk = SegmentReader.prototype as unknown as { fill(wanted: number, end: number): Promise<void> };
    const { fill } = disk;
    let calls = 0;
    vi.spyOn(disk, 'fill').mockImplementation(function (this: typeof disk, wanted, end) {
      return ++calls === 4 ? Promise.reject(new Error('EIO')) : fill.call(this, wanted, end);
    });
    await expect(spool.read(7, 10_000_000)).rejects.toThrow('EIO');
    vi.restoreAllMocks();
    expect(await drain(spool)).toEqual(entries);
  });

  describe('when the disk takes half of what is appended', () => {
    function failHalfway(): void {
      vi.spyOn(SegmentWriter.prototype, 'append').mockImplementationOnce(async function (this: SegmentWriter, bytes) {
        const { handle } = this as unknown as { handle: FileHandle };
        await handle.write(bytes, 0, bytes.length >> 1);
        throw new Error('ENOSPC');
      });
    }

    it('gives the room back', async () => {
      failHalfway();
      await expect(spool.append([run('a')])).rejects.toThrow('ENOSPC');
      expect(await readdir(folder)).toEqual([]);
      expect(spool).toMatchObject({ segmentCount: 0, bytes: 0, unreadBytes: 0 });
      await spool.append([run('b')]);
      expect(await drain(spool)).toEqual([run('b')]);
    });

    it('keeps what it had taken before', async () => {
      await spool.append([run('a')]);
      const { bytes } = spool;
      failHalfway();
      await expect(spool.append([run('b')])).rejects.toThrow('ENOSPC');
      const [file] = await readdir(folder);
      expect((await stat(join(folder, file!))).size).toBe(bytes);
      await spool.append([run('c')]);
      expect(await drain(spool)).toEqual([run('a'), run('c')]);
    });
  });

  it('goes on with what comes next when a file that was delivered cannot be deleted', async () => {
    await spool.append([run('a')]);
    const [file] = await readdir(folder);
    await spool.read(7, 1_000_000);
    // What is a folder by now is no file to unlink.
    await rm(join(folder, file!));
    await mkdir(join(folder, file!));
    await spool.acknowledge();
    await spool.append([run('b')]);
    expect(await drain(spool)).toEqual([run('b')]);
  });

  it('goes on reading while more is appended', async () => {
    await spool.append([run('a')]);
    expect((await spool.read(10, 1_000_000))?.entries).toEqual([run('a')]);
    await spool.append([run('b')]);
    await spool.acknowledge();
    expect((await spool.read(10, 1_000_000))?.entries).toEqual([run('b')]);
    await spool.acknowledge();
    expect(await spool.read(10, 1_000_000)).toBeUndefined();
    await spool.append([run('c')]);
    expect(await drain(spool)).toEqual([run('c')]);
  });

  it('keeps a batch within the limits of number and bytes, but gives at least one', async () => {
    await spool.append(Array.from({ length: 9 }, (_, n) => run(`r${n}`)));
    expect((await spool.read(4, 1_000_000))?.entries).toHaveLength(4);
    await spool.acknowledge();
    expect((await spool.read(100, 1))?.entries).toHaveLength(1);
  });

  it('reads a record larger than its window', async () => {
    const large = { kind: 'output', chunk: sampleChunk('r1', 0, 'x'.repeat(3_000_000)) } as const;
    await spool.append([run('a'), large, run('b')]);
    const [first, second, third] = await drain(await reopen());
    expect([first, third]).toEqual([run('a'), run('b')]);
    expect(second?.kind === 'output' && second.chunk.data.equals(large.chunk.data)).toBe(true);
  });

  it('loses to damage only the records it hit', async () => {
    await spool.append(Array.from({ length: 5 }, (_, n) => run(`r${n}`)));
    await spool.close();
    const path = join(folder, (await readdir(folder))[0] ?? '');
    const bytes = await readFile(path);
    bytes[bytes.indexOf('"r2"')] = 0;
    await writeFile(path, bytes);
    expect(await drain(await reopen())).toEqual(['r0', 'r1', 'r3', 'r4'].map(run));
  });

  it('survives any damage to its files: what it gives is something that was appended', async () => {
    const entries = Array.from({ length: 6 }, (_, n) => run(`r${n}`));
    await spool.append(entries);
    await spool.close();
    const name = (await readdir(folder))[0] ?? '';
    const whole = await readFile(join(folder, name));
    const byte = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(byte, { maxLength: 4 }), fc.nat(whole.length), async (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const { at, value } of changes) bytes[at] = value;
        await writeFile(join(folder, name), bytes.subarray(0, length));
        for (const entry of await drain(await reopen())) expect(entries).toContainEqual(entry);
      }),
      { numRuns: 200 },
    );
  });

  it('ignores other files, and copes with garbage and with a file somebody removed', async () => {
    await spool.append([run('a')]);
    await spool.close();
    await writeFile(join(folder, 'README'), 'hands off');
    await writeFile(join(folder, '0000000000.seg'), 'not mine');
    await writeFile(join(folder, '0000000007.seg'), 'fCr1 garbage');
    await appendFile(join(folder, '0000000008.seg'), '');
    spool = await Spool.open(folder, 2_000, silentLog);
    await rm(join(folder, '0000000008.seg'));
    expect(await drain(spool)).toEqual([run('a')]);
    await spool.append([run('b')]);
    expect((await readdir(folder)).sort()).toEqual(['0000000000.seg', '0000000009.seg', 'README']);
  });

  it('reads nothing from bytes that are no entry', () => {
    expect(decodeEntry(Buffer.from('R{not json'))).toBeUndefined();
    expect(decodeEntry(Buffer.from('O'))).toBeUndefined();
    expect(decodeEntry(Buffer.from('X{}'))).toBeUndefined();
    expect(decodeEntry(encodeEntry(run('a')))).toEqual(run('a'));
  });
});
