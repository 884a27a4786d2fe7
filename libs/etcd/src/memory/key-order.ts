/**
 * Compares two keys as etcd does: by their UTF-8 bytes. Negative when `a` comes first, 0 when they are equal.
 *
 * JavaScript's own `<` compares UTF-16 units, which puts U+10000 and above (surrogate pairs) before U+E000 to U+FFFF;
 * UTF-8 has them after.
 */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) return bytewiseRank(unitA) - bytewiseRank(unitB);
  }
  return a.length - b.length;
}

/** Moves surrogates (D800 to DFFF) behind E000 to FFFF, where the code points they stand for belong. */
function bytewiseRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
