import { API_TOKEN } from '../../support/cluster/api.js';
import { Spread, spread } from '../results.js';

/** The page that has a limit. */
export const PLAIN_PAGE = '/api/v1/jobs?limit=50';
/** The least a request can cost, in the same run. */
export const FLOOR = '/livez';

const PAGES = [
  PLAIN_PAGE,
  `${PLAIN_PAGE}&recentRuns=0`,
  `${PLAIN_PAGE}&recentRuns=20`,
  `${PLAIN_PAGE}&search=000123`,
  `${PLAIN_PAGE}&search=nothing-like-it`,
  `${PLAIN_PAGE}&label=team%3Dinfra`,
  `${PLAIN_PAGE}&group=default`,
  `${PLAIN_PAGE}&state=enabled`,
  `${PLAIN_PAGE}&state=paused`,
  `${PLAIN_PAGE}&state=invalid`,
  `${PLAIN_PAGE}&sort=-name`,
  `${PLAIN_PAGE}&sort=next`,
  `${PLAIN_PAGE}&sort=-next`,
];

/** How long pages of the job list take over HTTP, by address, milliseconds; the floor is asked between them. */
export async function measurePages(url: string, rounds: number): Promise<Readonly<Record<string, Spread>>> {
  const times = new Map<string, number[]>([FLOOR, ...PAGES].map((path) => [path, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [path, taken] of times) taken.push(await timeOf(url + path));
  }
  return Object.fromEntries([...times].map(([path, taken]) => [path, spread(taken)]));
}

async function timeOf(address: string): Promise<number> {
  const since = performance.now();
  const response = await fetch(address, { headers: { Authorization: `Bearer ${API_TOKEN}` } });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${address}: ${response.status} ${body}`);
  return performance.now() - since;
}
