import type { OutputPiece, RunEnd, RunHostListener, StartOrder, StartRefusal } from '@app/jobs';
import { LiveOrder, type StartedProcess } from './live-order.js';

/**
 * The orders that are not answered yet, and the only place that answers: each order leaves with its answer, so that
 * whoever speaks second about it is not heard.
 */
export class OpenOrders {
  private readonly byId = new Map<string, LiveOrder>();
  private listener?: RunHostListener;

  listen(listener: RunHostListener): void {
    this.listener = listener;
  }

  add(order: StartOrder): LiveOrder {
    const live = new LiveOrder(order);
    this.byId.set(order.runId, live);
    return live;
  }

  /** undefined when it is unknown or answered. */
  get(runId: string): LiveOrder | undefined {
    return this.byId.get(runId);
  }

  /** Orders no supervisor has. */
  get queued(): readonly LiveOrder[] {
    return [...this.byId.values()].filter((live) => live.state === 'queued');
  }

  /** Orders a supervisor has, or had. */
  get handedOver(): readonly LiveOrder[] {
    return [...this.byId.values()].filter((live) => live.state !== 'queued');
  }

  /** The process is there. Repeating it is safe. */
  started(runId: string, process: StartedProcess): void {
    const live = this.byId.get(runId);
    if (!live || live.started) return;
    live.state = 'started';
    live.started = process;
    this.listener?.started(runId, process.pid, process.startTime);
  }

  output(piece: OutputPiece): void {
    const live = this.byId.get(piece.runId);
    if (!live) return;
    live.note(piece);
    this.listener?.output(piece);
  }

  /** Nothing can be started for now; orders stay. */
  unable(reason: string): void {
    this.listener?.unable(reason);
  }

  refuse(refusal: StartRefusal): void {
    if (this.byId.delete(refusal.runId)) this.listener?.refused(refusal);
  }

  end(end: RunEnd): void {
    if (this.byId.delete(end.runId)) this.listener?.ended(end);
  }
}
