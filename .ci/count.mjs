// node .ci/count.mjs REPORT STATUS COMPLETE: how many tests of a vitest JSON report passed and failed, as two numbers.
import { readFileSync } from 'node:fs';

const [report, status, complete] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
);

const brokenFiles = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const leftOut = complete === '1' ? numPendingTests + numTodoTests : 0;
for (const { name, message } of brokenFiles) console.error(`Could not run: ${name}\n${message}`);
if (leftOut > 0) console.error(`${leftOut} tests were left out:`);
if (leftOut > 0) for (const name of pending()) console.error(`  ${name}`);

let failed = numFailedTests + brokenFiles.length + leftOut;
if (failed === 0 && status !== '0') {
  console.error(`vitest ended with ${status}, though no test failed.`);
  failed = 1;
}
if (failed === 0 && numPassedTests === 0) {
  console.error('No test ran.');
  failed = 1;
}
process.stdout.write(`${numPassedTests} ${failed}\n`);

function pending() {
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
  );
}
