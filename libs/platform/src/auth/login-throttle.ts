import { Clock } from '../clock.js';

/** How many attempts in a row are free, and how long each further one must wait. */
export interface ThrottleLimits {
  /** Free attempts per address, and per user and address. */
  readonly burst: number;
  /** Free attempts per user over all addresses that never signed in as this user. */
  readonly userBurst: number;
  /** One further attempt becomes free after this many milliseconds. */
  readonly refillMs: number;
}

const DEFAULT_LIMITS: ThrottleLimits = { burst: 10, userBurst: 20, refillMs: 2_000 };

/** Buckets kept at most; the one unused for longest goes first. */
const MAX_BUCKETS = 20_000;
const MAX_KNOWN_PAIRS = 5_000;

/**
 * Slows guessing of passwords without locking anybody out: each address, and each user over all unfamiliar addresses,
 * has a few attempts at once and then one every two seconds. An address that signed in as a user before is not slowed by
 * what others do to that user, so that an attacker cannot keep the owner out. Kept in memory, per process.
 *
 * Uses the monotonic clock: setting the wall clock frees nobody.
 */
export class LoginThrottle {
  private readonly buckets = new Map<string, Bucket>();
  private readonly known = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: ThrottleLimits = DEFAULT_LIMITS,
  ) {}

  /**
   * Takes one attempt. Returns 0 when it may be made now, else the milliseconds after which it is worth asking again;
   * then nothing was taken. Does not look at whether the user exists.
   */
  admit(user: string, address: string): number {
    const buckets = this.bucketsOf(user, address);
    const waitMs = Math.max(...buckets.map((bucket) => this.waitMs(bucket)));
    if (waitMs > 0) {
      return waitMs;
    }
    for (const bucket of buckets) {
      bucket.tokens -= 1;
    }
    return 0;
  }

  /** The attempt was right: it is given back, and the address is familiar for this user from now on. */
  succeeded(user: string, address: string): void {
    for (const bucket of this.bucketsOf(user, address)) {
      bucket.tokens = Math.min(bucket.capacity, bucket.tokens + 1);
    }
    this.known.add(pair(user, address));
    if (this.known.size > MAX_KNOWN_PAIRS) {
      this.known.delete(this.known.values().next().value as string);
    }
  }

  private bucketsOf(user: string, address: string): Bucket[] {
    const own = [
      this.bucket(`a ${address}`, this.limits.burst),
      this.bucket(`p ${pair(user, address)}`, this.limits.burst),
    ];
    return this.known.has(pair(user, address)) ? own : [...own, this.bucket(`u ${user}`, this.limits.userBurst)];
  }

  private bucket(key: string, capacity: number): Bucket {
    const now = this.clock.monotonic();
    const found = this.buckets.get(key);
    const bucket = found ?? { capacity, tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) / this.limits.refillMs);
    bucket.at = now;
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > MAX_BUCKETS) {
      this.buckets.delete(this.buckets.keys().next().value as string);
    }
    return bucket;
  }

  private waitMs(bucket: Bucket): number {
    return bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) * this.limits.refillMs);
  }
}

interface Bucket {
  readonly capacity: number;
  /** Attempts left, fractions included. */
  tokens: number;
  /** Monotonic milliseconds at which `tokens` was true. */
  at: number;
}

function pair(user: string, address: string): string {
  return `${user} ${address}`;
}
