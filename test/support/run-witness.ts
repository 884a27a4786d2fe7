import type { OutputPiece, OutputStream, RunEnd, RunHostListener, StartRefusal } from '@app/jobs';
import { until } from './until.js';

/** Listens to a run host, keeps everything, and fails when an order is answered twice. */
export class RunWitness implements RunHostListener {
  readonly pids = new Map<string, number>();
  readonly refusals = new Map<string, StartRefusal>();
  readonly ends = new Map<string, RunEnd>();
  readonly pieces: OutputPiece[] = [];
  /** Why nothing could be started. */
  readonly unableFor: string[] = [];
  /** What should never have happened. */
  readonly wrongs: string[] = [];

  started(runId: string, pid: number): void {
    if (this.pids.has(runId) || this.isAnswered(runId)) this.wrongs.push(`${runId} started again`);
    this.pids.set(runId, pid);
  }

  refused(refusal: StartRefusal): void {
    if (this.isAnswered(refusal.runId)) this.wrongs.push(`${refusal.runId} answered again: refused`);
    if (this.pids.has(refusal.runId)) this.wrongs.push(`${refusal.runId} refused after it started`);
    this.refusals.set(refusal.runId, refusal);
  }

  unable(reason: string): void {
    this.unableFor.push(reason);
  }

  output(piece: OutputPiece): void {
    this.pieces.push(piece);
  }

  ended(end: RunEnd): void {
    if (this.isAnswered(end.runId)) this.wrongs.push(`${end.runId} answered again: ended`);
    if (!this.pids.has(end.runId)) this.wrongs.push(`${end.runId} ended without a start`);
    this.ends.set(end.runId, end);
  }

  start(runId: string): Promise<number> {
    return until(`the start of ${runId}`, () => this.pids.get(runId));
  }

  refusal(runId: string): Promise<StartRefusal> {
    return until(`the refusal of ${runId}`, () => this.refusals.get(runId));
  }

  end(runId: string, withinMs?: number): Promise<RunEnd> {
    return until(`the end of ${runId}`, () => this.ends.get(runId), withinMs);
  }

  /** The kept bytes of a stream, joined. */
  bytes(runId: string, stream: OutputStream = 'stdout'): Buffer {
    return Buffer.concat(this.piecesOf(runId, stream).map((piece) => piece.data));
  }

  /** Resolves when the kept bytes of stdout contain the text. */
  async said(runId: string, text: string): Promise<string> {
    return until(`"${text}" from ${runId}`, () => {
      const all = this.bytes(runId).toString();
      return all.includes(text) && all;
    });
  }

  piecesOf(runId: string, stream: OutputStream): OutputPiece[] {
    return this.pieces.filter((piece) => piece.runId === runId && piece.stream === stream);
  }

  private isAnswered(runId: string): boolean {
    return this.refusals.has(runId) || this.ends.has(runId);
  }
}
