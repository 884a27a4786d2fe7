import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

const config = mergeConfig(base, {
  test: { testTimeout: 120_000, hookTimeout: 180_000, fileParallelism: false, expect: { poll: { timeout: 15_000 } } },
});
/** Tests on built programs as real processes, and in a real browser: `npm run test:e2e`. */
config.test.include = ['test/e2e/**/*.spec.ts'];
config.test.exclude = ['node_modules/**'];
export default config;
