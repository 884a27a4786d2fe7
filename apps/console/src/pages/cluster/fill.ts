/** How full something is. */
export interface Fill {
  /** 0 to 1. */
  readonly share: number;
  readonly tone: 'calm' | 'near' | 'full';
}

/** Nearly full from 80 % on, as the warnings say it; undefined where the limit is not known. */
export function fillOf(size: number | undefined, quota: number | undefined): Fill | undefined {
  if (size === undefined || !quota) {
    return undefined;
  }
  const share = Math.min(1, size / quota);
  return { share, tone: share >= 0.95 ? 'full' : share > 0.8 ? 'near' : 'calm' };
}
