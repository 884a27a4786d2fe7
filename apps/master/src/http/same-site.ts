import { Request } from 'express';

/** What a request says of where it came from. */
export type Provenance = 'sameSite' | 'crossSite' | 'unsaid';

/**
 * Where a write came from, by what browsers say and scripts of other sites cannot forge: Sec-Fetch-Site, else Origin
 * against Host (that of a trusted proxy, where there is one). A caller without either (a program) may show with `X-Fleetcron-Request` that it is no form of another
 * site: such a header needs a preflight, which we never grant.
 */
export function provenanceOf(request: Request): Provenance {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) {
    return site === 'same-origin' ? 'sameSite' : 'crossSite';
  }
  const origin = request.get('origin');
  if (origin !== undefined) {
    return hostOf(origin) === request.host?.toLowerCase() ? 'sameSite' : 'crossSite';
  }
  return request.get('x-fleetcron-request') === undefined ? 'unsaid' : 'sameSite';
}

/** Host and port of an origin; undefined for `null` and nonsense. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host.toLowerCase() || undefined;
  } catch {
    return undefined;
  }
}
