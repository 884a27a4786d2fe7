import { expect, it } from 'vitest';
import { ranAndNot } from './status';

it('only what ran counts as a run; fires that were skipped, missed or cancelled are told apart', () => {
  const counts = { succeeded: 40, failed: 2, killed: 1, lost: 1, timedOut: 1, skipped: 5, missed: 3, cancelled: 1 };
  expect(ranAndNot(counts)).toEqual({ ran: 45, neverRan: 9 });
  expect(ranAndNot({})).toEqual({ ran: 0, neverRan: 0 });
});
