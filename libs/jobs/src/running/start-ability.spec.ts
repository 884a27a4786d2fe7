import { ManualClock, silentLog } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunHost, StartRefusal } from './run-host.js';
import { StartAbility } from './start-ability.js';

const refusal = (why: StartRefusal['why']): StartRefusal => ({ runId: 'r', why, detail: 'ENOSPC' });

describe('the ability to start runs', () => {
  let clock: ManualClock;
  let told: boolean[];
  let answers: (boolean | Error)[];
  let ability: StartAbility;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    answers = [];
    const canStart = async (): Promise<boolean> => {
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    ability = new StartAbility(clock, silentLog, { canStart } as unknown as RunHost, (cannot) => told.push(cannot));
  });

  it('is lost with the first start that cannot be journalled, and back once the disk takes writes', async () => {
    answers = [false, new Error('ENOSPC'), true];
    ability.refused(refusal('journal'));
    ability.refused(refusal('journal'));
    expect([ability.canStart, told]).toEqual([false, [true]]);
    await clock.advanceAsync(2_000);
    expect(ability.canStart).toBe(false);
    await clock.advanceAsync(1_000);
    expect([ability.canStart, told]).toEqual([true, [true, false]]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is lost when the host says that it can start nothing', async () => {
    answers = [false, true];
    ability.lost('no supervisor');
    expect([ability.canStart, told]).toEqual([false, [true]]);
    await clock.advanceAsync(2_000);
    expect([ability.canStart, told]).toEqual([true, [true, false]]);
  });

  it.each(['tooLate', 'spawn', 'killed', 'closing'] as const)('is not lost by a refusal that says %s', (why) => {
    ability.refused(refusal(why));
    expect([ability.canStart, told]).toEqual([true, []]);
  });

  it('asks nobody any more once stopped', async () => {
    answers = [true];
    ability.refused(refusal('journal'));
    ability.stop();
    await clock.advanceAsync(10_000);
    expect([ability.canStart, answers.length]).toEqual([false, 1]);
  });
});
