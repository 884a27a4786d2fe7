import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KNOWN_FIELDS } from '../job/parse-job-document.js';
import { fullText, spareText } from './spare-text.js';

describe('the spare text of a job', () => {
  it('is much shorter where a program wrote it', () => {
    const text = JSON.stringify({
      name: 'clearing',
      command: '/usr/local/bin/clear --all',
      cronExpr: '0 1 * * *',
      timezone: 'Europe/Berlin',
      labels: { team: 'billing' },
      concurrencyPolicy: 'forbid',
    });
    const spare = spareText(text, 'clearing');
    expect(spare.length).toBeLessThan(0.6 * text.length);
    expect(fullText(spare, 'clearing')).toBe(text);
  });

  it.each([
    '{"name":"a"}',
    '{"command":"true","name":"a","cronExpr":"@daily"}',
    '{ "name" : "a",\n\t"command" : "true",\r\n "cronExpr" : "@daily" }',
    '{"name":"a","command":["echo",",\\"command\\":"],"labels":{"x":"y","command":"z","unknown":"ä中\\u0001"}}',
    '{"name":"ab","command":"true"}',
  ])('is %s again', (text) => {
    expect(fullText(spareText(text, 'a'), 'a')).toBe(text);
  });

  it('is any text again, in whatever order the fields stand and whatever they say', () => {
    const field = fc.oneof(fc.constantFrom(...KNOWN_FIELDS), fc.string());
    const space = fc.constantFrom(0, 1, '\t');
    fc.assert(
      fc.property(fc.string(), fc.dictionary(field, fc.jsonValue()), space, (name, fields, blanks) => {
        for (const document of [
          { name, ...fields },
          { ...fields, name },
        ]) {
          const text = JSON.stringify(document, null, blanks);
          expect(fullText(spareText(text, name), name)).toBe(text);
        }
      }),
    );
  });
});
