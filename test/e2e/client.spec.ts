import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataFolder, Standalone } from './standalone.js';

const run = promisify(execFile);
const folder = dataFolder();
let standalone: Standalone;

beforeAll(async () => {
  standalone = await Standalone.start({ folder: folder.path });
});

afterAll(async () => {
  await standalone?.end();
  folder.remove();
});

it('a program written against the generated client compiles, and runs a job', async () => {
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'test/e2e/client']);
  const program = '.cache/e2e/client/test/e2e/client/run-once.program.js';
  const { stdout } = await run(process.execPath, [program, standalone.url, standalone.token]);
  const { run: ended, output, again } = JSON.parse(stdout);
  expect(ended).toMatchObject({ jobName: 'by-client', trigger: 'manual', status: 'succeeded', exitCode: 0 });
  expect(output.items).toMatchObject([{ stream: 'stdout', text: 'hello from by-client\n' }]);
  expect(again).toMatchObject({ status: 409, code: 'already_exists' });
});
