import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunHostRig } from '../../../../test/support/run-host-rig.js';
import type { RunWitness } from '../../../../test/support/run-witness.js';

/** More than the link to the worker holds, whoever buffers it. */
const MUCH = 24_000_000;

let rig: RunHostRig;
let witness: RunWitness;

beforeEach(async () => {
  rig = await RunHostRig.open();
  ({ witness } = rig);
});

afterEach(() => rig.close());

function run(script: string, outputLimitBytes: number): string {
  return rig.run(script, { outputLimitBytes, workingDirectory: rig.dataFolder });
}

/** Hears nothing, as a worker whose event loop is busy, until the file is there. */
function hearNothingUntil(file: string): void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  const since = performance.now();
  while (!existsSync(join(rig.dataFolder, file))) {
    if (performance.now() - since > 20_000) throw new Error(`${file} did not come: a run waits for its worker`);
    Atomics.wait(nobody, 0, 0, 5);
  }
}

describe('while the worker does not listen', () => {
  it('a stream that ends within its limit loses nothing, and its program does not wait', async () => {
    const id = run(`head -c ${MUCH} /dev/urandom | tee copy; touch written`, MUCH);
    await witness.start(id);
    hearNothingUntil('written');
    const end = await witness.end(id, 20_000);
    expect(end).toMatchObject({ outputBytes: MUCH, outputTruncated: false });
    expect(witness.bytes(id).equals(await readFile(join(rig.dataFolder, 'copy')))).toBe(true);
  }, 40_000);

  it('a stream beyond its limit keeps its head', async () => {
    const first = run(`head -c ${MUCH} /dev/zero; touch first; exec sleep 60`, 2 * MUCH);
    const second = run('until [ -e first ]; do sleep 0.01; done; seq 1000000; touch second', 100_000);
    await witness.start(second);
    hearNothingUntil('second');
    const end = await witness.end(second, 20_000);
    expect(end.outputTruncated).toBe(true);
    const text = witness.bytes(second).toString();
    expect([text.length, text.slice(0, 6), text.slice(-8)]).toEqual([100_000, '1\n2\n3\n', '1000000\n']);
    rig.host.kill(first);
  }, 40_000);

  it('a quiet run beside a printing one is still seen live afterwards', async () => {
    const printing = run(`head -c ${MUCH} /dev/zero; touch first; exec sleep 60`, 2 * MUCH);
    const quiet = run('until [ -e first ]; do sleep 0.01; done; echo during; touch second; exec sleep 60', 1_000);
    await witness.start(quiet);
    hearNothingUntil('second');
    await witness.said(quiet, 'during');
    expect(witness.ends.has(quiet)).toBe(false);
    for (const id of [printing, quiet]) rig.host.kill(id);
  }, 40_000);
});
