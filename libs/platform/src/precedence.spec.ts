import { describe, expect, it } from 'vitest';
import { type Precedences, passPrecedence, takePrecedence } from './precedence.js';

class FakeSystem implements Precedences {
  readonly pid = 4711;
  readonly written: string[] = [];
  isAllowed = true;
  session = this.pid;

  constructor(public nice: number) {}

  get(): number {
    return this.nice;
  }

  set(nice: number): void {
    if (!this.isAllowed) throw new Error('EACCES');
    this.nice = nice;
  }

  read(pid: number, file: string): string {
    if (file !== 'stat') throw new Error('ENOENT');
    return `${pid} (no) de (x)) R 1 ${pid} ${this.session} 0 -1 4194304\n`;
  }

  write(pid: number, file: string, text: string): void {
    if (!this.isAllowed) throw new Error('EPERM');
    this.written.push(`${pid}/${file}: ${text}`);
  }
}

describe('precedence', () => {
  it('is taken for the program and for the session it leads', () => {
    const system = new FakeSystem(0);
    takePrecedence(system);
    expect(system.nice).toBe(-5);
    expect(system.written).toEqual(['4711/autogroup: -5']);
  });

  it('leaves a session alone that belongs to somebody else', () => {
    const system = new FakeSystem(0);
    system.session = 12;
    takePrecedence(system);
    expect(system.nice).toBe(-5);
    expect(system.written).toEqual([]);
  });

  it.each([5, -5])('leaves a chosen priority of %i', (nice) => {
    const system = new FakeSystem(nice);
    takePrecedence(system);
    expect(system.nice).toBe(nice);
    expect(system.written).toEqual([]);
  });

  it('goes on without where it is not allowed', () => {
    const system = new FakeSystem(0);
    system.isAllowed = false;
    takePrecedence(system);
    expect(system.nice).toBe(0);
    expect(system.written).toEqual([]);
  });

  it.each([
    [-5, ['12/autogroup: -5']],
    [0, []],
    [7, []],
  ])('of %i is passed on to the session of another as it is: %j', (nice, written) => {
    const system = new FakeSystem(nice);
    system.session = 12;
    passPrecedence(12, system);
    expect(system.written).toEqual(written);
  });
});
