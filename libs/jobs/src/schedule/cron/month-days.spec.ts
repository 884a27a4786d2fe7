import { describe, expect, it } from 'vitest';
import { monthDays } from './month-days.js';
import { parseDays } from './parse-days.js';

/** The days a pair of fields gives in a month. */
function days(day: string, weekday: string, year: number, month: number): number[] {
  const bits = monthDays(parseDays(day, weekday), year, month);
  return range(31).filter((date) => (bits >>> (date - 1)) & 1);
}

/** The same days by looking at each date of the month with the language's own calendar. */
function dates(year: number, month: number): { readonly date: number; readonly weekday: number }[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return range(length).map((date) => ({ date, weekday: new Date(Date.UTC(year, month - 1, date)).getUTCDay() }));
}

const isWorkday = ({ weekday }: { weekday: number }): boolean => weekday >= 1 && weekday <= 5;

const months = range(41).flatMap((year) => range(12).map((month) => [1999 + year, month] as const));

describe('the days of a month', () => {
  it('by L, L-n and LW are its last ones', () => {
    for (const [year, month] of months) {
      const all = dates(year, month);
      expect(days('L', '*', year, month)).toEqual([all.length]);
      expect(days('L-3', '*', year, month)).toEqual([all.length - 3]);
      expect(days('L-30', '*', year, month)).toEqual(all.length === 31 ? [1] : []);
      expect(days('LW', '?', year, month)).toEqual([all.findLast(isWorkday)?.date]);
    }
  });

  it('by nW are the workdays nearest to a date, within the month', () => {
    for (const [year, month] of months) {
      const all = dates(year, month);
      for (const near of [1, 2, 15, 28, 30, 31]) {
        const byDistance = all.filter(isWorkday).toSorted((a, b) => Math.abs(a.date - near) - Math.abs(b.date - near));
        const expected = near > all.length ? [] : [byDistance[0]?.date];
        expect(days(`${near}W`, '*', year, month)).toEqual(expected);
      }
    }
  });

  it('by d#n and dL are the n-th and the last of a weekday', () => {
    for (const [year, month] of months) {
      for (const weekday of range(7)) {
        const same = dates(year, month).filter((date) => date.weekday === weekday % 7);
        for (const week of range(5)) {
          expect(days('*', `${weekday}#${week}`, year, month)).toEqual(
            same.slice(week - 1, week).map(({ date }) => date),
          );
        }
        expect(days('*', `${weekday}L`, year, month)).toEqual([same.at(-1)?.date]);
      }
    }
  });

  it('match both fields where one begins with a star or is a question mark, and either otherwise', () => {
    const all = dates(2026, 5);
    const only = (test: (at: { date: number; weekday: number }) => boolean): number[] => {
      return all.filter(test).map(({ date }) => date);
    };
    expect(days('*/2', '1', 2026, 5)).toEqual(only(({ date, weekday }) => date % 2 === 1 && weekday === 1));
    expect(days('13', '*/2', 2026, 5)).toEqual(only(({ date, weekday }) => date === 13 && weekday % 2 === 0));
    expect(days('?', '1', 2026, 5)).toEqual(only(({ weekday }) => weekday === 1));
    expect(days('1-31', '1', 2026, 5)).toEqual(only(() => true));
    expect(days('13', '5', 2026, 5)).toEqual(only(({ date, weekday }) => date === 13 || weekday === 5));
    expect(days('L', '1', 2026, 5)).toEqual(only(({ date, weekday }) => date === 31 || weekday === 1));
  });
});

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}
