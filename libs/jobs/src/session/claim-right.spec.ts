import { silentLog } from '@app/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClockGuard, ClockState } from '../policy/clock-guard.js';
import type { SessionRef } from '../store/run-entry.js';
import { ClaimRight } from './claim-right.js';

const SESSION = { session: 's1' } as SessionRef;

describe('the right to claim', () => {
  let clock: ClockState;
  let session: SessionRef | undefined;
  let canStart: boolean;
  let published: { clockSuspect?: boolean };
  let regained: number;
  let right: ClaimRight;

  beforeEach(() => {
    clock = 'good';
    session = SESSION;
    canStart = true;
    published = {};
    regained = 0;
    const guard = { check: () => clock, offsetMs: 0 } as unknown as ClockGuard;
    right = new ClaimRight(guard, silentLog, {
      session: {
        get claiming() {
          return session;
        },
        get published() {
          return published;
        },
        publish: async (more: object) => {
          published = { ...published, ...more };
        },
      } as never,
      canStart: () => canStart,
      regained: () => regained++,
    });
    right.look();
  });

  it('is there with a session, a clock that is believed, and something that can be started', () => {
    expect(right.session).toBe(SESSION);
    canStart = false;
    expect(right.session).toBeUndefined();
    canStart = true;
    session = undefined;
    expect(right.session).toBeUndefined();
  });

  it.each<[ClockState, boolean]>([
    ['good', true],
    ['warned', true],
    ['stopped', false],
    ['jumped', false],
  ])('and a clock that is %s: %s', (state, isThere) => {
    clock = state;
    right.look();
    expect(right.session !== undefined).toBe(isThere);
    expect(right.clock).toBe(state);
    expect(published.clockSuspect ?? false).toBe(!isThere);
  });

  it('tells the fleet of a clock once each way', () => {
    const told: (boolean | undefined)[] = [];
    for (clock of ['stopped', 'jumped', 'good', 'warned'] as const) {
      right.look();
      told.push(published.clockSuspect);
    }
    expect(told).toEqual([true, true, false, false]);
  });

  it('says when it is there again, once', () => {
    expect(regained).toBe(1);
    right.look();
    right.confirmed();
    expect(regained).toBe(1);
    session = undefined;
    right.look();
    session = SESSION;
    // Confirmed before the next look: what became due meanwhile need not wait for it.
    right.confirmed();
    expect(regained).toBe(2);
    right.look();
    expect(regained).toBe(3);
  });
});
