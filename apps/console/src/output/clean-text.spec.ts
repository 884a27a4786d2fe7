// biome-ignore-all lint/suspicious/noControlCharactersInRegex: these tests are about control characters.
import { describe, expect, it } from 'vitest';
import { cleanText, plainText } from './clean-text';

describe('text of a job, cleaned', () => {
  it.each([
    ['plain', 'nothing to do: 42 rows, 任务完成 ✓', 'nothing to do: 42 rows, 任务完成 ✓'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['colours stay', 'a \x1b[1;31mred\x1b[0m b', 'a \x1b[1;31mred\x1b[0m b'],
    ['a tab stays', 'a\tb', 'a\tb'],
    ['cursor moves go', '\x1b[2J\x1b[1;1Htop\x1b[3A', 'top'],
    ['erasing goes', 'x\x1b[2K\x1b[0Ky', 'xy'],
    ['private modes go', '\x1b[?25l\x1b[?1049hy', 'y'],
    ['a colour sequence with letters of a private mode goes', '\x1b[>4;2mx', 'x'],
    ['titles go', '\x1b]0;owned\x07after', 'after'],
    ['links keep their text, lose their address', '\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['device strings go', '\x1bPq#0;2;0;0;0\x1b\\x\x1b_G\x1b\\y', 'xy'],
    ['a string without an end hides nothing', '\x1b]0;rm -rf /', '0;rm -rf /'],
    ['a string ends at the next sequence', '\x1b]0;x\x1b[31mred', '0;x\x1b[31mred'],
    ['other escapes go', '\x1b(Bx\x1b7y\x1bcz', 'xyz'],
    ['an unfinished sequence at the end goes', 'x\x1b[', 'x'],
    ['a lone escape is shown', 'x\x1b', 'x␛'],
    ['control characters are shown', '\x00nul \x07bell \x0cff \x7fdel', '␀nul ␇bell ␌ff ␡del'],
    ['C1 controls start nothing', '\x9b31mx', '⟨U+009B⟩31mx'],
    ['turned text is shown', 'invoice\u202etxt.exe', 'invoice⟨U+202E⟩txt.exe'],
    ['isolates are shown', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
    [
      'what has no width is shown',
      'ad\u200bmin \ufeffx \u2060y so\u00adft',
      'ad⟨U+200B⟩min ⟨U+FEFF⟩x ⟨U+2060⟩y so⟨U+00AD⟩ft',
    ],
    ['a joiner between letters is shown', 'ad\u200dmin', 'ad⟨U+200D⟩min'],
    ['a joiner inside an emoji stays', '👨\u200d👩\u200d👧', '👨\u200d👩\u200d👧'],
    ['separators of lines are shown', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['a backspace strikes out', 'abc\b\bX', 'aX'],
    ['bold by striking twice', 'N\bNA\bA', 'NA'],
    ['backspaces before the beginning do nothing', '\b\bx', 'x'],
    ['a spinner shows its last state', '|\b/\b-\b\\', '\\'],
  ])('%s', (_name, raw, expected) => {
    expect(cleanText(raw)).toBe(expected);
  });

  it('leaves no escape but of colours, whatever comes', () => {
    const parts = [
      '\x1b',
      '[',
      ']',
      '8;;',
      'm',
      '31',
      '\\',
      '\x07',
      'P',
      '_',
      '\n',
      'A',
      '?',
      '<',
      '\u202e',
      '\x9b',
      '\b',
    ];
    let state = 7;
    const next = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const raw = Array.from({ length: 12 }, () => parts[next() % parts.length]).join('');
      const cleaned = cleanText(raw);
      expect(cleaned.replace(/\x1b\[[\d;:]*m/g, '')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  });

  it('takes no longer for text that is made to be slow', () => {
    const started = performance.now();
    cleanText('\x1b]'.repeat(20_000));
    cleanText(`\x1b[${'1;'.repeat(20_000)}`);
    cleanText(`${'a\b'.repeat(20_000)}\x1b[m`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('plain text', () => {
  it('has no colours', () => {
    expect(plainText('a \x1b[1;31mred\x1b[m b')).toBe('a red b');
  });
});
