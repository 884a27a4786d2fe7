import { describe, expect, it } from 'vitest';
import { retryDelays } from './retry-delays';

describe('the delays of retries', () => {
  it('double from ten seconds unless the document says otherwise', () => {
    expect(retryDelays({ limit: 3 })).toEqual({ seconds: [10, 20, 40], more: 0 });
    expect(retryDelays({ limit: 2, delaySeconds: 240, factor: 2 })).toEqual({ seconds: [240, 480], more: 0 });
    expect(retryDelays({ limit: 3, delaySeconds: 5, factor: 1 })).toEqual({ seconds: [5, 5, 5], more: 0 });
  });

  it('end at the cap', () => {
    expect(retryDelays({ limit: 3, delaySeconds: 100, maxDelaySeconds: 150 })?.seconds).toEqual([100, 150, 150]);
    expect(retryDelays({ limit: 12, delaySeconds: 600 })).toEqual({ seconds: [600, 1200, 2400, 3600, 3600], more: 7 });
    expect(retryDelays({ limit: 1, delaySeconds: 7200 })?.seconds).toEqual([7200]);
  });

  it('are none where nothing is retried, or it is wrong', () => {
    expect([undefined, { limit: 0 }, {}, { limit: 'x' }, { limit: 2, delaySeconds: -1 }].map(retryDelays)).toEqual(
      Array(5).fill(undefined),
    );
  });
});
