import { mergeConfig } from 'vitest/config';
import base from '../vitest.config.js';

const config = mergeConfig(base, {});
/** The tests that need a real etcd, or a server that speaks MongoDB's protocol: `npm run test:services`. */
config.test.include = [
  'libs/etcd/src/etcd/*.spec.ts',
  'libs/logs/src/mongo/*.spec.ts',
  'test/integration/**/*.spec.ts',
];
export default config;
