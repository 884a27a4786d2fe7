import { Clock, within } from '@app/platform';

/** Longest a check may take before it counts as failed. */
export const CHECK_DEADLINE_MS = 2_000;

/** Runs all checks at once, each within two seconds. Never throws. */
export async function checkAll(
  checks: Readonly<Record<string, () => Promise<void>>>,
  clock: Clock,
): Promise<Record<string, 'ok' | 'away'>> {
  const states = Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check, clock)] as const);
  return Object.fromEntries(await Promise.all(states));
}

function stateOf(check: () => Promise<void>, clock: Clock): Promise<'ok' | 'away'> {
  const answer = check().then(
    () => 'ok' as const,
    () => 'away' as const,
  );
  return within(clock, CHECK_DEADLINE_MS, answer, 'away' as const);
}
