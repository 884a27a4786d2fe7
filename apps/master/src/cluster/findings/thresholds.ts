import { DEFAULT_TUNING } from '@app/logs';

// From where on the cluster is said to be not well, each with its reason. docs/operations.md lists them for people.

const MIB = 1024 ** 2;

/** etcd's own default, taken where the server does not tell its quota. */
export const ETCD_DEFAULT_QUOTA_BYTES = 2048 * MIB;

/** Share of the quota that leaves days at any usual growth, and the one that leaves little: etcd refuses writes at 1. */
export const STORE_ALMOST_FULL_SHARE = 0.8;
export const STORE_FULL_SHARE = 0.95;

/** Growth without compaction, as a share of the quota, that fills what is empty within three days. */
export const STORE_GROWTH_SHARE = 0.05;

/** A watch is asked for a sign of life after 10 s and given up after 30; half of the first is more than any pause of it. */
export const WATCH_BEHIND_MS = 5_000;

/** What 99 of 100 fires must not pass. A second worker looks after 1.5 s: the death of a first alone stays below. */
export const LATE_MS = 2_000;

/** What a person looking at a clock would call a hiccup; a healthy worker stands still for tens of milliseconds at most. */
export const WORKER_STALL_MS = 200;
/** Nothing fires by a master: people wait for it, and they notice a second. */
export const MASTER_STALL_MS = 1_000;

/** In a healthy fleet two workers claim the same fire now and then, one in hundreds. */
export const REFUSED_SHARE = 0.02;
/** Of fewer claims in a minute a single refusal would already be too many. */
export const REFUSED_MIN_CLAIMS = 50;

/** Beyond it people are warned; the worker itself stops at 2 s. The same line as in the clock guard of libs/jobs. */
export const CLOCK_OFF_MS = 1_000;

/** Shorter outages of history heal by themselves, and a burst of output may pass through the disk. */
export const HISTORY_AWAY_MS = 60_000;

/** Output is dropped beyond this on one worker. */
export const SPOOL_LIMIT_BYTES = DEFAULT_TUNING.spoolOutputBytes;
/** A quarter of it is more than a short outage leaves; at four fifths it is about to be lost. */
export const SPOOL_GROWN_BYTES = SPOOL_LIMIT_BYTES / 4;
export const SPOOL_FULL_BYTES = SPOOL_LIMIT_BYTES * 0.8;
