import type { StoreStatus } from '@app/etcd';
import type { ClusterWarning, StoreGrowth } from '../../ports/cluster-status.js';
import { WARNING_WORDS } from '../../words/warning-words.js';
import {
  ETCD_DEFAULT_QUOTA_BYTES,
  STORE_ALMOST_FULL_SHARE,
  STORE_FULL_SHARE,
  STORE_GROWTH_SHARE,
} from './thresholds.js';

/** What is known of the coordination store. */
export interface StoreFacts {
  /** undefined: it does not answer. */
  readonly status: StoreStatus | undefined;
  readonly kind: 'etcd' | 'embedded' | 'memory';
  /** What it grew by while nobody compacted it; undefined where somebody does, or not known. */
  readonly growth: StoreGrowth | undefined;
}

/** What is not well with the coordination store. */
export function storeFindings({ status, kind, growth }: StoreFacts): readonly ClusterWarning[] {
  const say = WARNING_WORDS;
  if (!status) return [{ code: 'storeAway', severity: 'error', text: say.storeAway() }];
  const findings: ClusterWarning[] = [];
  if (status.alarms.length > 0) {
    findings.push({ code: 'storeAlarm', severity: 'error', text: say.storeAlarm(status.alarms), about: status.alarms });
  }
  const { dbSizeBytes: sizeBytes } = status;
  const quotaBytes = status.quotaBytes ?? (kind === 'etcd' ? ETCD_DEFAULT_QUOTA_BYTES : Infinity);
  if (sizeBytes > quotaBytes * STORE_ALMOST_FULL_SHARE) {
    findings.push({
      code: 'storeAlmostFull',
      severity: sizeBytes > quotaBytes * STORE_FULL_SHARE ? 'error' : 'warning',
      text: say.storeAlmostFull(sizeBytes, quotaBytes),
      detail: { sizeBytes, quotaBytes },
    });
  }
  if (growth && growth.grownBytes > quotaBytes * STORE_GROWTH_SHARE) {
    const { grownBytes, since, overMs } = growth;
    const hours = Math.round(overMs / 3_600_000);
    findings.push({
      code: 'storeGrows',
      severity: 'warning',
      text: say.storeGrows(grownBytes, hours),
      since,
      detail: { grownBytes, quotaBytes },
    });
  }
  return findings;
}
