import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { spawnInOwnSession } from '../own-session.js';
import { until } from '../until.js';

/** One line a program logged. */
export interface LogLine {
  /** pino's number: 30 info, 40 warn, 50 error. */
  readonly level: number;
  readonly msg: string;
  readonly url?: string;
}

/**
 * A master or a worker as a real process. It logs to a file, since what it leaves behind (supervisor, last words) goes
 * on writing after its death; lines of an earlier life stay there.
 */
export class Program {
  private child: ChildProcess | undefined;
  private bytesOfEarlierLives = 0;
  private served: string | undefined;

  constructor(
    readonly name: string,
    private readonly path: string,
    private environment: Readonly<Record<string, string>>,
    private readonly logFile: string,
  ) {}

  /** Starts it; resolves once it answers on its port, ready or not. Rejects when it ends before that. */
  async start(withinMs = 30_000): Promise<void> {
    const log = openSync(this.logFile, 'a');
    this.bytesOfEarlierLives = readFileSync(this.logFile).length;
    const child = spawnInOwnSession(process.execPath, [this.path], {
      env: this.environment,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    this.served = await until(
      `${this.name} answers`,
      () => {
        if (child.exitCode !== null) throw new Error(`${this.name} ended:\n${this.text()}`);
        return this.logged().find(({ url }) => url !== undefined)?.url;
      },
      withinMs,
    );
  }

  /** From its next start on these variables are as said here. */
  configure(variables: Readonly<Record<string, string>>): void {
    this.environment = { ...this.environment, ...variables };
  }

  /** Ends it as an operator does, and starts it again; resolves once it is ready, with the code it had ended with. */
  async restart(): Promise<number | null> {
    this.signal('SIGTERM');
    const code = await this.exit();
    await this.start();
    await this.ready();
    return code;
  }

  /** Resolves once it says that it is ready. */
  async ready(withinMs = 30_000): Promise<void> {
    await until(`${this.name} is ready`, () => this.isReady(), withinMs);
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status === 200;
  }

  get isUp(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** Where it serves; known once started. */
  get url(): string {
    return this.served!;
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Resolves with its exit code once it is gone; null when a signal ended it. */
  async exit(): Promise<number | null> {
    if (this.isUp) await once(this.child!, 'exit');
    return this.child?.exitCode ?? null;
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exit();
  }

  /** What it, or what it left behind, has logged in this life. Lines that are no JSON are left out. */
  logged(): LogLine[] {
    return this.text()
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as LogLine];
        } catch {
          return [];
        }
      });
  }

  private text(): string {
    return readFileSync(this.logFile).subarray(this.bytesOfEarlierLives).toString('utf8');
  }
}
