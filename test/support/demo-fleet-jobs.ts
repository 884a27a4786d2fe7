import type { DemoJob } from './demo-fleet-job.js';
import { DEMO_MONEY } from './demo-fleet-money.js';
import { DEMO_OPERATIONS } from './demo-fleet-operations.js';
import { DEMO_SHOP } from './demo-fleet-shop.js';

/** Hand-written jobs of a company that sells things, takes money, and keeps books. */
export const DEMO_JOBS: readonly DemoJob[] = [...DEMO_SHOP, ...DEMO_MONEY, ...DEMO_OPERATIONS];

/** What a careless client put under a job's key. */
export const DEMO_INVALID = {
  name: 'legacy-export',
  value: JSON.stringify({ name: 'legacy-export', command: 'export-all.sh', cronExpr: '0 25 * * *' }),
} as const;
