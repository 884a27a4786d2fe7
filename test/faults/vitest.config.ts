import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.js';

const config = mergeConfig(base, { test: { fileParallelism: false } });
/** Faults on real processes: `npm run test:faults`, `FAULTS=long` for the whole of each. */
config.test.include = ['test/faults/**/*.spec.ts'];
config.test.exclude = ['node_modules/**'];
export default config;
