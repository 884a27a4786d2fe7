import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '@/api/problem';
import { language, toggleLanguage } from './language';
import { said, sentenceSaid } from './said';

const words = { en: 'exit code 2', zh: '退出码 2' };

afterEach(() => {
  language.value = 'en';
});

it('says what the server said in the language chosen, also after it was switched', () => {
  expect(said(words)).toBe('exit code 2');
  toggleLanguage();
  expect(said(words)).toBe('退出码 2');
  expect(sentenceSaid({ message: 'exit code 2', text: words })).toBe('退出码 2');
});

it('says a sentence of one language as it is', () => {
  toggleLanguage();
  expect(sentenceSaid({ message: 'line 3: no colon' })).toBe('line 3: no colon');
});

it('tells of a problem in the language chosen', () => {
  const text = { en: 'Run 1 has ended already.', zh: '执行记录 1 已经结束。' };
  const answer = new Response('', { status: 409, headers: { 'x-request-id': 'r1' } });
  const problem = ApiProblem.of({ code: 'conflict', detail: text.en, text }, answer);
  expect([problem.detail, problem.message, problem.requestId]).toEqual([text.en, text.en, 'r1']);
  toggleLanguage();
  expect(problem.detail).toBe(text.zh);
});
