import { Run } from '@app/jobs';
import { until } from '../until.js';

/** A token every master of a test accepts. */
export const API_TOKEN = 'cluster-test-token-of-32-letters';

const PATIENCE_MS = 60_000;

/** What a master answered. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  readonly json: any;
}

/** One master's API, called by a script with its token, or by a user who has signed in. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly credentials: Readonly<Record<string, string>> = { Authorization: `Bearer ${API_TOKEN}` },
  ) {}

  /** The same master as a user sees it. */
  async signIn(username: string, password: string): Promise<Api> {
    const response = await this.send('POST', '/auth/login', { username, password });
    const cookie = (response.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
    return new Api(this.url, { Cookie: cookie, 'X-Fleetcron-Request': '1' });
  }

  get(path: string): Promise<ApiAnswer> {
    return this.call('GET', path);
  }

  /** Throws when the answer is not one of success. */
  async post(path: string, body: unknown = {}): Promise<ApiAnswer> {
    const answer = await this.call('POST', path, body);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
    return answer;
  }

  async call(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** All records and live runs of a job, in no order. */
  runsOf(jobName: string): Promise<Run[]> {
    return this.runs({ job: jobName });
  }

  /**
   * All records and live runs that a filter of `GET /runs` lets through, in no order. What ends while pages are read may
   * stand on the first page, live, and on a later one.
   */
  async runs(filter: Readonly<Record<string, string>>): Promise<Run[]> {
    const runs = new Map<string, Run>();
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ ...filter, limit: '500', ...(cursor && { cursor }) });
      const { status, json } = await this.getPatiently(`/runs?${query}`);
      if (status !== 200) throw new Error(`runs of ${JSON.stringify(filter)}: ${status} ${JSON.stringify(json)}`);
      for (const run of json.items.map(toRun)) if (!runs.get(run.id)?.endTime) runs.set(run.id, run);
      cursor = json.nextCursor;
    } while (cursor !== undefined);
    return [...runs.values()];
  }

  /** Asks again for what cannot be told now: a stand-in for MongoDB that is busy counting answers nobody else. */
  private getPatiently(path: string): Promise<ApiAnswer> {
    return until(
      `an answer to GET ${path}`,
      async () => {
        const answer = await this.get(path);
        return answer.status !== 503 && answer;
      },
      PATIENCE_MS,
    );
  }

  private send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.credentials, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  }
}

const INSTANTS = ['scheduledTime', 'untilTime', 'claimedAt', 'startTime', 'endTime'];

/** A run as it travelled, with its instants as epoch milliseconds again. */
function toRun(dto: Record<string, unknown>): Run {
  const isInstant = (field: string, value: unknown): value is string =>
    INSTANTS.includes(field) && typeof value === 'string';
  return Object.fromEntries(
    Object.entries(dto).map(([field, value]) => [field, isInstant(field, value) ? Date.parse(value) : value]),
  ) as unknown as Run;
}
