import { Actor, Vitals } from '@app/jobs';
import { Words } from '../words/words.js';

/** One worker, as its presence and its beats tell. */
export interface WorkerView {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  readonly address: string;
  readonly version: string;
  /** Highest `v` of a job document it knows. */
  readonly schema: number;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Runs it takes at once. */
  readonly slots: number;
  /** Runs it has now. */
  readonly running: number;
  /** `starting`: not eligible yet; `unwell`: its clock is off or its stores are away; `draining`: takes nothing new. */
  readonly state: 'starting' | 'ready' | 'draining' | 'unwell';
  /** Why it is unwell, in a sentence. */
  readonly reason?: Words;
  /** Its clock against the median of the others; undefined where too few know. */
  readonly clockOffsetMs?: number;
  /** Decisions it has made that history has not acknowledged; undefined where it does not tell. */
  readonly undelivered?: number;
  /** How it does; undefined where an older one does not tell, or nothing was heard of it for a while. */
  readonly vitals?: Vitals;
  /** Version of its time zone data. */
  readonly tzVersion?: string;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly lastSeenAt?: number;
}

/** The workers that are there. */
export interface WorkerDirectory {
  /** By id. May lag by the watch. */
  list(): Promise<readonly WorkerView[]>;
  /** Lets the worker finish what it has and take nothing new. Safe to repeat. Throws NotFound. */
  drain(id: string, actor: Actor): Promise<void>;
  /** Takes a drain back. Safe to repeat. Throws NotFound. */
  undrain(id: string, actor: Actor): Promise<void>;
}
