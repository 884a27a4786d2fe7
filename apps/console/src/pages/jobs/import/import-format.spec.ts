import { expect, it } from 'vitest';
import { bytesOf, guessFormat } from './import-format';

it.each([
  ['', 'crontab'],
  ['0 3 * * * /usr/local/bin/backup', 'crontab'],
  ['# jobs: nightly ones\nMAILTO=ops\n@daily root name-it', 'crontab'],
  ['CRON_TZ=Asia/Shanghai\n*/5 * * * * curl -d "name: x" http://x', 'crontab'],
  ['{"jobs": []}', 'json'],
  ['\n [{"name": "a"}]', 'json'],
  ['jobs:\n  - name: a', 'yaml'],
  ['---\nname: a', 'yaml'],
  ['- name: a\n  command: "true"', 'yaml'],
  ['description: nightly\nname: a', 'yaml'],
])('%j is %s', (text, format) => {
  expect(guessFormat(text)).toBe(format);
});

it('counts bytes, not letters', () => {
  expect(bytesOf('日终')).toBe(6);
});
