/** Cookies of a `Cookie` header by name; of one that stands twice the first. Never throws. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const mark = part.indexOf('=');
    const name = part.slice(0, mark).trim();
    if (mark > 0 && !cookies.has(name)) {
      cookies.set(name, part.slice(mark + 1).trim());
    }
  }
  return cookies;
}

/** A `Set-Cookie` line that scripts cannot read and other sites cannot send. `maxAgeSeconds` 0 removes the cookie. */
export function sessionCookie(name: string, value: string, maxAgeSeconds: number, isHttps: boolean): string {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${maxAgeSeconds}`, 'HttpOnly', 'SameSite=Strict'];
  return [...parts, ...(isHttps ? ['Secure'] : [])].join('; ');
}
