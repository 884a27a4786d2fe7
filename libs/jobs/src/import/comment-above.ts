import { readCrontabLine } from './crontab-line.js';

/** Collects the comments right above a job, to become its description. */
export class CommentAbove {
  private lines: string[] = [];

  /** A comment without its mark. Drawings of the fields and jobs that are switched off start over. */
  add(text: string): void {
    if (isNoProse(text)) this.lines = [];
    else this.lines.push(text);
  }

  /** Anything but a comment came between. */
  clear(): void {
    this.lines = [];
  }

  /** The comments so far as one text; undefined when there are none. Starts over. */
  take(): string | undefined {
    // What a description must not hold is no reason to lose the job.
    const text = this.lines
      .join('\n')
      .replace(/[\0\p{Surrogate}]/gu, '')
      .trim()
      .slice(0, MAX_DESCRIPTION);
    this.lines = [];
    return text === '' ? undefined : text;
  }
}

/** Code points: half of the UTF-16 units a description may have. */
const MAX_DESCRIPTION = 2048;

function isNoProse(text: string): boolean {
  const isDrawing = /^[\s|.*+-]*[|*][\s|.*+-]{3,}|-{5,}|={5,}|\bm\s+h\s+dom\b/.test(text);
  return isDrawing || readCrontabLine(text, false).kind === 'entry';
}
