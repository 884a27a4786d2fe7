/** Why a key is no field, and which of `knownFields` was probably meant. */
export function unknownField(key: string, knownFields: readonly string[]): string {
  const near = knownFields.find((field) => isNear(field.toLowerCase(), key.toLowerCase().replace(/[_-]/g, '')));
  return near ? `is not a field of a job; did you mean ${near}?` : 'is not a field of a job';
}

/** Equal, or one letter away: added, dropped, changed or swapped with its neighbour. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return isSwapped || restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}
