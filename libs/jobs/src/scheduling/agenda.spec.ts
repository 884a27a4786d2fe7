import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda, type Appointment } from './agenda.js';

const appointment = (turn = 0): Appointment => ({ dueAt: 0, agendaIndex: -1, turn });

describe('the agenda', () => {
  it('gives what is due, nearest first, and nothing before its time', () => {
    const agenda = new Agenda<Appointment>();
    const [a, b, c] = [appointment(), appointment(), appointment()];
    agenda.set(a, 30);
    agenda.set(b, 10);
    agenda.set(c, 20);
    agenda.set(a, 5);
    agenda.remove(c);
    expect(agenda.nextAt).toBe(5);
    expect([agenda.take(4), agenda.take(10), agenda.take(10), agenda.take(10)]).toEqual([undefined, a, b, undefined]);
    expect(agenda.size).toBe(0);
  });

  it('takes those of one instant by their turn', () => {
    const agenda = new Agenda<Appointment>();
    const turns = [5, 1, 4, 2, 3];
    for (const turn of turns) agenda.set(appointment(turn), 10);
    agenda.set(appointment(9), 9);
    expect(Array.from({ length: 6 }, () => agenda.take(10)?.turn)).toEqual([9, 1, 2, 3, 4, 5]);
  });

  it('agrees with a sorted list, whatever is put in, moved and taken out', () => {
    const act = fc.record({
      what: fc.constantFrom('set' as const, 'remove' as const, 'take' as const),
      which: fc.nat(9),
      at: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const agenda = new Agenda<Appointment>();
        const items = Array.from({ length: 10 }, () => appointment());
        const model = new Map<Appointment, number>();
        for (const { what, which, at } of acts) {
          const item = items[which] as Appointment;
          if (what === 'set') {
            agenda.set(item, at);
            model.set(item, at);
          } else if (what === 'remove') {
            agenda.remove(item);
            model.delete(item);
          } else {
            const taken = agenda.take(at);
            const nearest = Math.min(...model.values());
            expect(taken?.dueAt).toBe(nearest <= at ? nearest : undefined);
            if (taken) model.delete(taken);
          }
          expect(agenda.size).toBe(model.size);
          expect(agenda.nextAt).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
        }
      }),
    );
  });
});
