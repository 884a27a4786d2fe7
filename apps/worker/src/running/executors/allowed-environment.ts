/** Variables of the worker that every run gets: what a program needs to find itself, and no secret in any of them. */
const ALWAYS_ALLOWED = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR'] as const;

/**
 * What runs get of the worker's environment: the variables that are always allowed and those the operator allowed by
 * name. Everything else stays here, above all the worker's own settings and passwords.
 */
export function allowedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  allowed: readonly string[] = [],
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of [...ALWAYS_ALLOWED, ...allowed]) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}
