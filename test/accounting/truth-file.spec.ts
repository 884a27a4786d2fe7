import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run } from '@app/jobs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from './checker.js';
import { Timeline } from './timeline.js';
import { TruthFile, tellingCommand } from './truth-file.js';

const JOB = 'tick';
const BEGIN = 1_800_000_000_000;
/** Beyond the murk around the beginning of the timeline. */
const FIRES = [2, 3, 4, 5].map((second) => BEGIN + second * 1000);
const END = FIRES.at(-1)! + 1000;

/** What four fires that went well write, one line per start and end. */
const LINES = FIRES.flatMap((at) => [
  `start ${JOB} ${new Date(at).toISOString()} 1 run-${at} ${at + 30}`,
  `end run-${at} ${at + 230}`,
]);

describe('the ground truth of a cluster', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleetcron-truth-'));
    file = join(folder, 'truth');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const verdict = (
    lines: readonly string[],
    records = recordsOf(FIRES),
    change: (timeline: Timeline) => void = () => undefined,
  ): string => {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    const timeline = new Timeline(JOB);
    timeline.changed(1000, BEGIN);
    change(timeline);
    return check([timeline], new TruthFile(file).read(), records, END).join('\n');
  };

  it('is content where plan, lines and records fit', () => {
    expect(verdict(LINES)).toBe('');
  });

  it('finds a line that is gone, one too many, one too early, and an overlap', () => {
    expect(verdict(LINES.slice(2))).toMatch(/lying record.*never started/);
    expect(verdict([...LINES, ...LINES.slice(0, 2)])).toMatch(/duplicate/);
    expect(verdict(LINES.map((line) => line.replace(`${FIRES[1]! + 30}`, `${FIRES[1]! - 4000}`)))).toMatch(/early/);
    expect(verdict(LINES.map((line) => line.replace(`${FIRES[0]! + 230}`, `${FIRES[1]! + 100}`)))).toMatch(/overlap/);
  });

  it('finds an overlap with one that was killed, by the last it told', () => {
    const killedAt = (at: number): string[] => LINES.with(1, `beat run-${FIRES[0]} ${at}`);
    expect(verdict(killedAt(FIRES[1]! + 100))).toMatch(/overlap/);
    expect(verdict(killedAt(FIRES[1]! - 100))).not.toMatch(/overlap/);
  });

  it('finds a start by a definition that was no longer in force when it was claimed', () => {
    const changedAt = FIRES[2]! - 100;
    const told = (newest: number): string[] =>
      LINES.map((line) => {
        const at = Number(/run-(\d+)/.exec(line)?.[1]);
        return line.startsWith('start') ? `${line} ${at < changedAt ? 1 : newest}` : line;
      });
    const claimed = new Map(recordsOf(FIRES));
    for (const [id, run] of claimed) claimed.set(id, { ...run, claimedAt: run.scheduledTime + 5 });
    const changing = (timeline: Timeline): void => timeline.changed(1000, changedAt, 2);
    expect(verdict(told(2), claimed, changing)).toBe('');
    expect(verdict(told(1), claimed, changing)).toMatch(
      /^stale definition: \S+ of tick was claimed by 1 at \d+, when 2/m,
    );
  });

  it('takes a start after the deadline for a fire that was caught up, and for nothing else', () => {
    const late = LINES.map((line) => line.replace(`${FIRES[3]! + 30}`, `${FIRES[3]! + 75_000}`));
    const records = new Map(recordsOf(FIRES));
    expect(verdict(late, records)).toMatch(/^late: /m);
    const id = `run-${FIRES[3]}`;
    records.set(id, { ...records.get(id)!, trigger: 'catchUp' });
    expect(verdict(late, records)).not.toMatch(/late: /);
  });

  it('finds a fire that nobody speaks of, and a run without a record', () => {
    expect(verdict(LINES.slice(2), recordsOf(FIRES.slice(1)))).toMatch(/silent miss/);
    expect(verdict(LINES, recordsOf(FIRES.slice(1)))).toMatch(/no record/);
  });

  it('is read on from where it was read before, also amid a line', () => {
    const text = LINES.map((line) => `${line}\n`).join('');
    const truth = new TruthFile(file);
    expect(truth.read().starts).toEqual([]);
    for (let read = 0; read < text.length; read += 50) {
      writeFileSync(file, text.slice(0, read + 50));
      truth.read();
    }
    expect(truth.read().starts).toEqual(new TruthFile(file).read().starts);
    expect(truth.read().starts.map(({ how }) => how)).toEqual(FIRES.map(() => 'byItself'));
  });

  it('is written by the command itself, around what it runs', () => {
    const env = { ...process.env, FLEETCRON_JOB: JOB, FLEETCRON_RUN_ID: 'r1', FLEETCRON_ATTEMPT: '1' };
    const scheduled = new Date(BEGIN).toISOString();
    execFileSync('/bin/sh', ['-c', tellingCommand(file, `echo between >>${file}`)], {
      env: { ...env, FLEETCRON_SCHEDULED_TIME: scheduled },
    });
    expect(readFileSync(file, 'utf8')).toMatch(
      new RegExp(`^start ${JOB} ${scheduled} 1 r1 \\d{13}\\nbetween\\nend r1 \\d{13}\\n$`),
    );
  });
});

function recordsOf(fires: readonly number[]): ReadonlyMap<string, Run> {
  const record = (at: number): Run => ({
    id: `run-${at}`,
    jobName: JOB,
    trigger: 'schedule',
    status: 'succeeded',
    scheduledTime: at,
    count: 1,
    attempt: 1,
    rootRunId: `run-${at}`,
  });
  return new Map(fires.map((at) => [`run-${at}`, record(at)]));
}
