import { describe, expect, it } from 'vitest';
import { agendaOf } from './agenda';

const fire = (jobName: string, time: string) => {
  const scheduledTime = `2026-11-21T${time}.000Z`;
  return { jobName, scheduledTime, dueAt: scheduledTime };
};

describe('the agenda', () => {
  it('has each hour with the first fire of each job, and how many it has', () => {
    const hours = agendaOf([
      fire('a', '01:05:00'),
      fire('busy', '01:10:00'),
      fire('busy', '01:10:30'),
      fire('busy', '02:00:00'),
    ]);
    expect(hours.map(({ lines }) => lines.map(({ jobName, count }) => `${jobName} ${count}`))).toEqual([
      ['a 1', 'busy 2'],
      ['busy 1'],
    ]);
    expect(new Date(hours[1]!.at).toISOString()).toBe('2026-11-21T02:00:00.000Z');
  });

  it('of nothing is empty', () => expect(agendaOf([])).toEqual([]));
});
