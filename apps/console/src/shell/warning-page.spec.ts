import { expect, it } from 'vitest';
import { pageOfWarning } from './warning-page';

it('leads from a warning to the page that shows more of it', () => {
  expect(pageOfWarning('noEligibleWorker')).toBe('workers');
  expect(pageOfWarning('storeAlmostFull')).toBe('cluster');
  expect(pageOfWarning('one of a newer server')).toBe('cluster');
});
