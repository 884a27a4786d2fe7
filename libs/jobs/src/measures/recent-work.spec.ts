import { beforeEach, describe, expect, it } from 'vitest';
import { entryOf } from '../../../../test/support/jobs-fixture.js';
import { RecentWork } from './recent-work.js';
import { WorkCounts } from './work-counts.js';

describe('what a worker counts', () => {
  it('is every fire it decided, those of the stretches before included', () => {
    const counts = new WorkCounts();
    const missed = { from: 1, to: 9, count: 7, status: 'missed', reason: 'superseded' } as const;
    counts.decided(entryOf({ gap: [missed] }));
    counts.decided(entryOf({ trigger: 'catchUp' }));
    counts.decided(entryOf({ state: 'finished', result: { status: 'skipped', reason: 'overlap' } }));
    counts.decided(entryOf({ state: 'finished', result: { status: 'missed', reason: 'deadline' } }));
    // An earlier copy of the claim was accepted, and its run has ended by the time we hear of it.
    counts.decided(entryOf({ state: 'finished', result: { status: 'failed' } }));
    expect(counts.fires).toEqual({ claimed: 2, caughtUp: 1, skipped: 1, missed: 8 });
  });

  it('takes a start before its time for one on time', () => {
    const counts = new WorkCounts();
    counts.started(-40);
    expect(counts.lateness).toMatchObject({ sum: 0, counts: [1, ...Array.from({ length: 13 }, () => 0)] });
  });
});

describe('the recent work', () => {
  let counts: WorkCounts;
  let recent: RecentWork;
  const nothing = { fires: 0, latenessP99Ms: 0, latenessMaxMs: 0, claims: 0, refused: 0, writeRequests: 0 };

  beforeEach(() => {
    counts = new WorkCounts();
    recent = new RecentWork(counts);
  });

  const work = (...latenesses: readonly number[]): void => {
    for (const lateness of latenesses) {
      counts.answered('accepted');
      counts.started(lateness);
    }
  };

  it('is what was done since the first look, up to a minute', () => {
    expect(recent.look(0, 0)).toEqual(nothing);
    work(12, 31);
    counts.answered('decided');
    counts.answered('refused');
    const figures = { fires: 2, latenessP99Ms: 31, latenessMaxMs: 31, claims: 4, refused: 1, writeRequests: 5 };
    expect(recent.look(3_000, 5)).toEqual(figures);
    expect(recent.look(60_000, 5)).toEqual(figures);
    expect(recent.look(63_001, 5)).toEqual(nothing);
  });

  it('forgets step by step', () => {
    for (let second = 0; second <= 90; second += 3) {
      work(second === 30 ? 4_000 : 20);
      recent.look(second * 1000, second);
    }
    expect(recent.look(90_500, 91)).toMatchObject({ fires: 19, latenessMaxMs: 20, writeRequests: 58 });
  });

  it('begins anew after a long break, so that an hour is never told as a minute', () => {
    recent.look(0, 0);
    work(50_000);
    expect(recent.look(3_600_000, 900)).toEqual(nothing);
    work(20);
    expect(recent.look(3_603_000, 903)).toMatchObject({ fires: 1, latenessMaxMs: 20, writeRequests: 3 });
  });
});
