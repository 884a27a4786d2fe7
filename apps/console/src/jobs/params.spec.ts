import { expect, it } from 'vitest';
import { changedParams, fittedParams } from './params';

const job = { params: { day: 'today', dry: 'no' } };

it('only values that differ from the job are sent', () => {
  expect(changedParams(job, { day: 'today', dry: 'yes' })).toEqual({ params: { dry: 'yes' } });
  expect(changedParams(job, { day: '' })).toEqual({ params: { day: '' } });
  expect(changedParams(job, { day: 'today' })).toEqual({});
  expect(changedParams({}, {})).toEqual({});
});

it('typed values stay for the parameters the job has now', () => {
  expect(fittedParams(job, { day: '', gone: 'x' })).toEqual({ day: '' });
  expect(fittedParams({}, { gone: 'x' })).toEqual({});
});
