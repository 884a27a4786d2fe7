import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentOf, documentText } from './job-document';

describe('the document of a job', () => {
  it('leaves out what the server added and filled in', () => {
    const job = {
      name: 'a',
      command: 'true',
      group: 'default',
      labels: {},
      timezone: 'Asia/Shanghai',
      misfirePolicy: 'skip',
      revision: 7,
      state: 'enabled',
      running: 0,
    };
    expect(documentOf(job)).toEqual({ name: 'a', command: 'true', timezone: 'Asia/Shanghai', misfirePolicy: 'skip' });
  });

  it('is the same text whatever the order of its fields', () => {
    const text = documentText({ command: 'echo', retry: { limit: 2 }, name: 'a', cronExpr: '0 2 * * *' });
    expect(text).toBe('name: a\ncronExpr: 0 2 * * *\ncommand: echo\nretry:\n  limit: 2\n');
    expect(documentText({ cronExpr: '0 2 * * *', name: 'a', retry: { limit: 2 }, command: 'echo' })).toBe(text);
  });

  it('keeps fields it does not know, at the end', () => {
    expect(documentText({ novelty: [1], name: 'a' })).toBe('name: a\nnovelty:\n  - 1\n');
  });

  it('writes a script as lines, not as one', () => {
    expect(documentText({ name: 'a', command: 'one\ntwo\n' })).toBe('name: a\ncommand: |\n  one\n  two\n');
  });

  it('reads back as what it was', () => {
    const document = { name: '1.5', command: '# not a comment\n\ttab: "q"', env: { A: 'yes', B: 'null', C: '' } };
    expect(parse(documentText(document))).toEqual(document);
  });
});
