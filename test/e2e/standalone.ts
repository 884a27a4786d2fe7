import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../support/until.js';

/** The program as `npm run build` leaves it. */
const PROGRAM = resolve('dist/standalone/apps/standalone/src/main.js');
const TOKEN = 'end-to-end-token-of-32-letters-or-so';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  readonly json: any;
}

export interface StartOptions {
  /** The data folder; one that is there already carries on. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments; standalone as it was built unless given. */
  readonly command?: readonly string[];
  /** Working folder of the process. */
  readonly cwd?: string;
}

/** Standalone as a real process, called over HTTP as a user would. */
export class Standalone {
  readonly token = TOKEN;
  private output = '';
  private readonly ended: Promise<number | null>;
  private readonly silent: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => this.keep(text));
    this.ended = once(child, 'exit').then(([code]) => code as number | null);
    this.silent = once(child, 'close');
  }

  /** Starts it and returns at once. */
  static spawn({ folder, env = {}, command = [process.execPath, PROGRAM], cwd }: StartOptions): Standalone {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: cwd ?? folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        FLEETCRON_DATA: folder,
        FLEETCRON_STORE: `embedded:${folder}`,
        FLEETCRON_HISTORY: `embedded:${folder}`,
        FLEETCRON_HTTP_PORT: '0',
        FLEETCRON_BOOTSTRAP_TOKEN: TOKEN,
        ...env,
      },
    });
    return new Standalone(child);
  }

  /** Starts it and resolves once it is ready to work. */
  static async start(options: StartOptions, withinMs = 30_000): Promise<Standalone> {
    const standalone = Standalone.spawn(options);
    await standalone.ready(withinMs);
    return standalone;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** All that it has printed so far, both streams. */
  get printed(): string {
    return this.output;
  }

  /** Where it serves; throws before it does. */
  get url(): string {
    const url = this.servedAt();
    if (url === undefined) throw new Error(`It does not serve yet:\n${this.output}`);
    return url;
  }

  /** The one-time link it printed for the first sign-in. */
  get signInLink(): string {
    const link = /http:\S+\/auth\/once\?\S+/.exec(this.output)?.[0];
    if (link === undefined) throw new Error(`It printed no link:\n${this.output}`);
    return link;
  }

  /** Resolves once it says that it is ready; rejects when it ends before. */
  async ready(withinMs = 30_000): Promise<void> {
    await until(
      'standalone is ready',
      async () => {
        if (this.child.exitCode !== null) throw new Error(`It ended with ${this.child.exitCode}:\n${this.output}`);
        const url = this.servedAt();
        return url !== undefined && (await fetch(`${url}/readyz`).then(({ status }) => status === 200));
      },
      withinMs,
    );
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const isText = typeof body === 'string';
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** Calls and gives the answer's body; throws where the answer is not one of success. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  async ask(method: string, path: string, body?: unknown): Promise<any> {
    const { status, json } = await this.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  /** Every record and live run of a job. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  async runsOf(jobName: string): Promise<any[]> {
    const runs = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ job: jobName, limit: '500', ...(cursor && { cursor }) });
      const page = await this.ask('GET', `/runs?${query}`);
      runs.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return runs;
  }

  /** Sends a signal and resolves with the exit code; null when the signal itself ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }

  /** Resolves with the exit code once it has ended by itself and all that it printed is here. */
  async exit(): Promise<number | null> {
    await this.silent;
    return this.ended;
  }

  private keep(text: string): void {
    this.output += text;
  }

  private servedAt(): string | undefined {
    const line = this.output.split('\n').find((each) => each.includes('The API is served'));
    return line === undefined ? undefined : (JSON.parse(line) as { url: string }).url;
  }
}

/** A new folder for data; `remove` ends its life. */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'fleetcron-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
