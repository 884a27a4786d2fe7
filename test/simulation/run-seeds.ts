import { simulate } from './scenario.js';

/** Command line: FIRST COUNT [PATTERN]: ends at the first seed with a violation that matches it. Prints one JSON line per seed with a violation, and a summary. */
const [first = '1', count = '100', pattern] = process.argv.slice(2);
const sought = pattern === undefined ? undefined : new RegExp(pattern);
let violated = 0;
let starts = 0;
let refused = 0;
let calmStarts = 0;
let calmRefused = 0;
let ran = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const verdict = await simulate(seed);
  ran++;
  starts += verdict.starts;
  refused += verdict.refused;
  if (verdict.profile === 'calm') {
    calmStarts += verdict.starts;
    calmRefused += verdict.refused;
  }
  if (verdict.violations.length === 0) continue;
  violated++;
  const violations = verdict.violations.slice(0, 6);
  process.stdout.write(`${JSON.stringify({ ...verdict, violations })}\n`);
  if (sought?.test(violations.join('\n'))) break;
}
process.stdout.write(`${JSON.stringify({ summary: true, ran, violated, starts, refused, calmStarts, calmRefused })}\n`);
