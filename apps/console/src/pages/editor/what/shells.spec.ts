import { describe, expect, it } from 'vitest';
import { SHELLS, shellOf, shellText } from './shells';

describe('the shell of a job', () => {
  it('is a line in the form and a vector in the document', () => {
    expect(shellText(['/bin/bash', '-euo', 'pipefail', '-c'])).toBe('/bin/bash -euo pipefail -c');
    expect(SHELLS.map((shell) => shellText(shellOf(shell)))).toEqual(SHELLS);
  });

  it('is none where it is the standard one', () => {
    expect(shellOf('/bin/sh -c')).toBeUndefined();
    expect(shellText(undefined)).toBe('/bin/sh -c');
  });

  it('keeps words with spaces whole', () => {
    const vector = ['/opt/my tools/run', '--say', 'it"s'];
    expect(shellOf(shellText(vector))).toEqual(vector);
  });
});
