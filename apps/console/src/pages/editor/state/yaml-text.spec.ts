import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-text';

const text = `# mine
name: a
labels:
  team: billing
  a.b: c
retry:
  limit: 2
  onExitCodes:
    - 1
`;

describe('a job as YAML', () => {
  it('is read, and its values are found on their lines', () => {
    const reading = readYaml(text, 'no map');
    if (!reading.ok) throw new Error('it is right');
    expect(reading.document).toMatchObject({ name: 'a', labels: { 'a.b': 'c' } });
    const lines = ['name', 'labels.a.b', 'retry.limit', 'retry.onExitCodes[0]', 'retry.novelty', 'command', ''];
    expect(lines.map(reading.lineOf)).toEqual([2, 5, 7, 8, 6, 1, 1]);
  });

  it('may be JSON', () => {
    expect(readYaml('{"name": "a"}', 'no map')).toMatchObject({ ok: true, document: { name: 'a' } });
  });

  it('says on which line it is wrong', () => {
    expect(readYaml('name: a\nretry: {limit: 2\n', 'no map')).toMatchObject({ ok: false });
    const reading = readYaml('name: a\nname: b\n', 'no map');
    expect(reading).toEqual({ ok: false, faults: [{ line: 2, message: 'Map keys must be unique' }] });
    expect(readYaml('name: *nobody', 'no map')).toMatchObject({ ok: false, faults: [{ line: 1 }] });
  });

  it('must be a map, or nothing yet', () => {
    expect(readYaml('- a', 'no map')).toEqual({ ok: false, faults: [{ line: 1, message: 'no map' }] });
    expect(readYaml('# later', 'no map')).toMatchObject({ ok: true, document: {} });
  });
});
