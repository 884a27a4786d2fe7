import type { LastWords } from '@app/jobs';
import { describe, expect, it } from 'vitest';
import { speakLastWords } from './last-words.js';

const WORDS: LastWords = { session: 's', workerId: 'w', proven: true, isWhole: true, runs: [] };

describe('last words', () => {
  it('arrive whole on the standard input of the speaker', async () => {
    const check = `process.stdin.toArray().then((all) => process.exit(all.join('') === process.argv[1] ? 0 : 1))`;
    expect(await speakLastWords([process.execPath, '-e', check, JSON.stringify(WORDS)], WORDS)).toBe(true);
  });

  it.each([
    ['fails', ['/bin/false']],
    ['is not there', ['/nowhere']],
    ['does not listen', ['/bin/sh', '-c', 'exec <&-; exit 3']],
  ])('are not spoken when the speaker %s', async (_, argv) => {
    expect(await speakLastWords(argv, WORDS)).toBe(false);
  });

  it('are cut off when the speaker hangs', async () => {
    expect(await speakLastWords(['/bin/sleep', '600'], WORDS, 50)).toBe(false);
  });
});
