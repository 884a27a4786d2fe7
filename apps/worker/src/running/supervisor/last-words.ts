import { spawn } from 'node:child_process';
import type { LastWords } from '@app/jobs';

/** The speaker ends itself after ten seconds; this is for one that does not. In milliseconds. */
const LONGEST_MS = 12_000;

/**
 * Starts the program that speaks the last words, gives it the document on its standard input, and waits for its end,
 * at most so long; then it is killed. Resolves to whether it exited with 0. Never rejects.
 */
export function speakLastWords(argv: readonly string[], words: LastWords, longestMs = LONGEST_MS): Promise<boolean> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    try {
      const speaker = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] });
      const timer = setTimeout(() => speaker.kill('SIGKILL'), longestMs);
      const done = (spoken: boolean): void => {
        clearTimeout(timer);
        resolve(spoken);
      };
      speaker.on('error', () => done(false));
      speaker.on('exit', (code) => done(code === 0));
      speaker.stdin.on('error', () => {});
      speaker.stdin.end(JSON.stringify(words));
    } catch {
      resolve(false);
    }
  });
}
