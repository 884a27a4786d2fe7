import { CoordinationStore, Operation, OperationResult, Settled, WatchEvent } from '../port/coordination-store.js';
import { put, read, transaction } from '../port/transaction.js';

/** A store made ready for the contract. */
export interface StoreUnderTest {
  readonly store: CoordinationStore;
  /** Lets time pass for the store: by the manual clock it was given, or by waiting. */
  elapse(ms: number): Promise<void>;
}

/** Opens an empty store for a group of tests, or a server's; what it opened is closed by whoever gave the function. */
export type OpenStore = () => Promise<StoreUnderTest>;

let prefixes = 0;

/** A prefix no other test of this process uses. */
export function freshPrefix(): string {
  return `/contract/${process.pid}-${++prefixes}/`;
}

/** Puts keys, each in a transaction of its own, one after the other; gives the revision of the last. */
export async function putAll(store: CoordinationStore, values: Readonly<Record<string, string>>): Promise<number> {
  let revision = 0;
  for (const [key, value] of Object.entries(values)) revision = (await act(store, put(key, value))).revision;
  return revision;
}

/** Carries out operations unconditionally in one transaction; throws what it failed with. */
export async function act(
  store: CoordinationStore,
  ...operations: readonly Operation[]
): Promise<{ revision: number; results: readonly OperationResult[] }> {
  const [settled] = await store.transactAll([transaction([], operations)]);
  if (!settled!.ok) throw settled!.error;
  return settled!.result;
}

/** The value of a key as text; undefined when it is not there. */
export async function textOf(store: CoordinationStore, key: string): Promise<string | undefined> {
  const [result] = (await act(store, read(key))).results;
  return result?.kind === 'get' ? result.entry?.value.toString() : undefined;
}

/** How transactions ended, in a word each. */
export function inWords(settled: readonly Settled[]): string[] {
  return settled.map((one) => (one.ok ? (one.result.succeeded ? 'done' : 'refused') : one.error.name));
}

/** Waits until a condition holds, letting the store's time pass; throws when it does not within `withinMs`. */
export async function until(
  subject: StoreUnderTest,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  for (let waitedMs = 0; waitedMs <= withinMs; waitedMs += 20) {
    if (await condition()) return;
    await subject.elapse(20);
  }
  throw new Error(`The condition does not hold within ${withinMs} ms.`);
}

/** What a watch told. */
export interface Heard {
  readonly events: WatchEvent[];
  /** Reason of `startOver`, once it was called. */
  startOver: string | undefined;
  /** Each event in words: `key=value@revision`, `key gone@revision`. */
  words(): string[];
  close(): void;
}

/** Watches and keeps what is heard. */
export function listen(store: CoordinationStore, prefix: string, fromRevision: number): Heard {
  const heard: Heard = {
    events: [],
    startOver: undefined,
    words: () =>
      heard.events.map((event) =>
        event.kind === 'put'
          ? `${event.entry.key.slice(prefix.length)}=${event.entry.value}@${event.entry.modRevision}`
          : `${event.key.slice(prefix.length)} gone@${event.modRevision}`,
      ),
    close: () => watch.close(),
  };
  const watch = store.watch(prefix, fromRevision, {
    events: (events) => heard.events.push(...events),
    startOver: (reason) => {
      heard.startOver = reason;
    },
  });
  return heard;
}
