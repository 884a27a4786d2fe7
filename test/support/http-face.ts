import { AddressInfo } from 'node:net';
import { MemoryStore } from '@app/etcd';
import { EmbeddedHistory } from '@app/logs';
import { Clock, SystemClock, silentLog } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import { createHttpApp } from '../../apps/master/src/http/create-http-app.js';
import { MasterHttpModule } from '../../apps/master/src/master-http.module.js';
import { HttpOptions, MasterParts } from '../../apps/master/src/master-parts.js';
import { FakeJobs } from './fake-jobs.js';

/** Token with every right in these tests. */
export const ADMIN_TOKEN = 'test-bootstrap-token-of-32-characters';

/** What a test may set; everything else is an in-memory store or an empty answer. */
export type FaceOverrides = Partial<Omit<MasterParts, 'options'>> & { readonly options?: Partial<HttpOptions> };

/** A master's HTTP face on a free port of the loopback, with stores in memory. */
export class HttpFace {
  private constructor(
    readonly parts: MasterParts,
    readonly app: NestExpressApplication,
    readonly url: string,
  ) {}

  static async start(overrides: FaceOverrides = {}): Promise<HttpFace> {
    const parts = partsWith(overrides);
    const app = await createHttpApp(MasterHttpModule.forRoot(parts));
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new HttpFace(parts, app, `http://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.parts.history.close();
    await this.parts.store.close();
  }

  /** As the admin's token unless `token` says otherwise; `null`: without credentials. Text and bytes are sent as they are, other bodies as JSON. */
  async call(
    method: string,
    path: string,
    request: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const token = request.token === undefined ? ADMIN_TOKEN : request.token;
    const hasBody = request.body !== undefined;
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(hasBody && { 'Content-Type': 'application/json' }),
        ...request.headers,
      },
      ...(hasBody && { body: bodyOf(request.body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** Makes a user and signs in; returns the cookie. */
  async signIn(username: string, role: string, password = 'correct horse'): Promise<string> {
    await this.call('POST', '/api/v1/users', { body: { username, role, password } });
    const answer = await this.call('POST', '/api/v1/auth/login', { token: null, body: { username, password } });
    return (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  }

  /** A token of this role. */
  async token(role: string): Promise<string> {
    return (await this.call('POST', '/api/v1/tokens', { body: { name: role, role } })).json.token;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  readonly json: any;
}

function partsWith(overrides: FaceOverrides): MasterParts {
  const clock: Clock = overrides.clock ?? new SystemClock();
  const jobs = new FakeJobs(clock);
  return {
    store: new MemoryStore(clock),
    prefix: '/cron',
    history: new EmbeddedHistory(':memory:'),
    jobs,
    catalog: jobs,
    liveRuns: { find: async () => undefined, seek: async () => undefined, list: () => [] },
    workers: { list: async () => [], drain: async () => {}, undrain: async () => {} },
    cluster: {
      read: async () => ({
        masters: [],
        workers: [],
        store: { kind: 'memory', isUp: true, alarms: [], members: [] },
        history: { kind: 'memory', isUp: true },
        warnings: [],
      }),
    },
    metrics: new Registry(),
    clock,
    log: silentLog,
    listed: Promise.resolve(),
    readiness: {},
    ...overrides,
    options: { bootstrapToken: ADMIN_TOKEN, trustedProxies: 0, isMetricsPublic: false, ...overrides.options },
  };
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  const isReady = typeof body === 'string' || body instanceof Uint8Array;
  return isReady ? (body as string) : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
