import {
  type CoordinationStore,
  type Settled,
  StoreRefused,
  type Transaction,
  type TransactionResult,
} from '@app/etcd';
import { type Clock, LeaseLost, type Log, pause } from '@app/platform';

/** How many transactions travel in one request, and how many requests are under way at once. */
const LETTERS_PER_REQUEST = 64;
const REQUESTS_AT_ONCE = 4;

/** What a transaction is for: claims decide fires and take requests, deletes forget what history has. */
export type WriteKind = 'claims' | 'finishes' | 'deletes' | 'other';

/** Transactions sent, repeats included, and how many of them got no answer. */
export interface WriteCount {
  sent: number;
  unanswered: number;
}

interface Letter {
  readonly transaction: Transaction;
  readonly kind: WriteKind;
  readonly resolve: (result: TransactionResult) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal;
}

/** Why a decision was not made: the store will not take it, or whoever asked has stopped asking. */
export class NotDelivered extends Error {}

/**
 * Carries transactions to the store, those of one moment together, each until it is answered. An answer that never came
 * is no answer: the same transaction goes out again. So only send what is safe to repeat: everything that compares a
 * revision which it changes.
 */
export class Courier {
  private waiting: Letter[] = [];
  private underWay = 0;
  private isFlushPlanned = false;
  /** Requests sent so far, for the metrics. */
  requests = 0;
  /** What travelled in them. */
  readonly writes: Readonly<Record<WriteKind, WriteCount>> = {
    claims: { sent: 0, unanswered: 0 },
    finishes: { sent: 0, unanswered: 0 },
    deletes: { sent: 0, unanswered: 0 },
    other: { sent: 0, unanswered: 0 },
  };

  constructor(
    private readonly store: CoordinationStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Resolves with the store's answer, however long it takes. Rejects with NotDelivered when `signal` is aborted or the
   * store refuses the transaction for ever; then an earlier copy may still have been accepted.
   */
  send(transaction: Transaction, signal: AbortSignal, kind: WriteKind = 'other'): Promise<TransactionResult> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new NotDelivered('stopped'));
        return;
      }
      this.waiting.push({ transaction, kind, resolve, reject, signal });
      this.planFlush();
    });
  }

  private planFlush(): void {
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    queueMicrotask(() => {
      this.isFlushPlanned = false;
      this.flush();
    });
  }

  private flush(): void {
    while (this.underWay < REQUESTS_AT_ONCE && this.waiting.length > 0) {
      const letters = this.waiting.splice(0, LETTERS_PER_REQUEST);
      this.underWay++;
      this.requests++;
      for (const { kind } of letters) this.writes[kind].sent++;
      void this.deliver(letters).finally(() => {
        this.underWay--;
        this.flush();
      });
    }
  }

  private async deliver(letters: readonly Letter[]): Promise<void> {
    const settled = await this.store.transactAll(letters.map((letter) => letter.transaction));
    const again = letters.filter((letter, index) => !this.settle(letter, settled[index] as Settled));
    if (again.length > 0) void this.sendAgain(again);
  }

  /** Whether the letter is done with. */
  private settle(letter: Letter, settled: Settled): boolean {
    if (settled.ok) {
      letter.resolve(settled.result);
      return true;
    }
    if (settled.error instanceof StoreRefused || settled.error instanceof LeaseLost) {
      letter.reject(new NotDelivered(settled.error.message, { cause: settled.error }));
      return true;
    }
    this.writes[letter.kind].unanswered++;
    if (letter.signal.aborted) {
      letter.reject(new NotDelivered('stopped', { cause: settled.error }));
      return true;
    }
    return false;
  }

  private async sendAgain(letters: readonly Letter[]): Promise<void> {
    this.log.debug('No answer, sending again', { transactions: letters.length });
    await pause(this.clock, 200);
    for (const letter of letters) {
      if (letter.signal.aborted) letter.reject(new NotDelivered('stopped'));
      else this.waiting.push(letter);
    }
    this.planFlush();
  }
}
