import { rmSync } from 'node:fs';
import { Browser, BrowserContext, Page } from 'playwright-core';
import { createServer } from 'vite';
import { Cluster } from '../../support/cluster.js';
import { startMongoServer } from '../../support/mongo-server.js';
import { dataFolder, Standalone } from '../standalone.js';
import { launchChromium, Visitor, visit } from './browser.js';

/** Who signs in on a stage: an admin. */
export const ADMIN = { username: 'li.wei', password: 'correct horse battery' };

export type Kind = 'standalone' | 'cluster';

/** In which themes pages are scanned for what is not accessible: a page looks the same on every deployment. */
export function themesOn(kind: Kind): readonly ('light' | 'dark')[] {
  return kind === 'standalone' ? ['light', 'dark'] : [];
}

/** Something that runs for the console to show: API calls by the bootstrap token, and what only one kind can do. */
interface Deployment {
  readonly kind: Kind;
  readonly url: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  ask(method: string, path: string, body?: unknown): Promise<any>;
  end(): Promise<void>;
  /** Of a cluster: its processes. */
  readonly cluster?: Cluster;
  /** Of standalone: its process. */
  readonly standalone?: Standalone;
}

/** A deployment with a browser before it. */
export class Stage {
  private readonly signedIn = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

  private constructor(
    private readonly deployment: Deployment,
    readonly browser: Browser,
    /** Where the browser goes: the deployment itself, or the development server before it. */
    readonly url: string,
    private readonly endDev: () => Promise<void>,
  ) {}

  /**
   * Starts the built programs and a browser. `prepare` is given the data folder of standalone before it starts. With
   * CONSOLE_DEV=1 the console comes from its sources, through Vite, so that nothing needs to be built while one works.
   */
  static async set(kind: Kind, prepare?: (folder: string) => Promise<void>): Promise<Stage> {
    const deployment = kind === 'standalone' ? await startStandalone(prepare) : await startCluster();
    const dev = process.env.CONSOLE_DEV === '1' ? await startVite(deployment.url) : undefined;
    const stage = new Stage(deployment, await launchChromium(), dev?.url ?? deployment.url, async () => dev?.end());
    await stage.ask('POST', '/users', { ...ADMIN, role: 'admin' });
    return stage;
  }

  get kind(): Kind {
    return this.deployment.kind;
  }

  get cluster(): Cluster | undefined {
    return this.deployment.cluster;
  }

  get standalone(): Standalone | undefined {
    return this.deployment.standalone;
  }

  /** Calls the API as a script would; throws where the answer is not one of success. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  ask(method: string, path: string, body?: unknown): Promise<any> {
    return this.deployment.ask(method, path, body);
  }

  /**
   * A page of somebody who has signed in, at an address of the console. Close its context when done. `url`: where the
   * console is to be found, when not at the stage's own address.
   */
  async open(path: string, visitor: Visitor = {}, { who = ADMIN, url = this.url } = {}): Promise<Page> {
    const context = await visit(this.browser, visitor);
    const { username } = who;
    const kept = this.signedIn.get(username);
    if (kept) {
      await context.addCookies(kept.cookies);
    } else {
      const response = await context.request.post(`${url}/api/v1/auth/login`, {
        data: who,
        headers: { 'X-Fleetcron-Request': '1' },
      });
      if (!response.ok()) throw new Error(`${username} cannot sign in: ${response.status()} ${await response.text()}`);
      this.signedIn.set(username, await context.storageState());
    }
    const page = await context.newPage();
    const { language = 'en', theme = 'light' } = visitor;
    await page.addInitScript(
      ([words, look]) => {
        localStorage.setItem('fleetcron.language', localStorage.getItem('fleetcron.language') ?? words);
        localStorage.setItem('fleetcron.theme', localStorage.getItem('fleetcron.theme') ?? look);
      },
      [language, theme] as const,
    );
    await page.goto(url + path);
    return page;
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.endDev();
    await this.deployment.end();
  }
}

async function startStandalone(prepare?: (folder: string) => Promise<void>): Promise<Deployment> {
  const folder = dataFolder();
  await prepare?.(folder.path);
  const standalone = await Standalone.start({ folder: folder.path, env: { FLEETCRON_WORKER_ID: 'worker-1' } });
  return {
    kind: 'standalone',
    url: standalone.url,
    standalone,
    ask: (method, path, body) => standalone.ask(method, path, body),
    end: async () => {
      await standalone.end();
      folder.remove();
    },
  };
}

async function startCluster(): Promise<Deployment> {
  const mongo = await startMongoServer();
  if (!mongo) throw new Error('There is no MongoDB to test with.');
  const cluster = await Cluster.start(mongo, { hasConsole: true });
  return {
    kind: 'cluster',
    url: cluster.masters[0]!.url,
    cluster,
    ask: async (method, path, body) => {
      const { status, json } = await cluster.api().call(method, path, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    end: async () => {
      await cluster.stop();
      await mongo.stop();
    },
  };
}

async function startVite(master: string): Promise<{ url: string; end(): Promise<void> }> {
  process.env.FLEETCRON_URL = master;
  const cacheDir = `.cache/vite-${process.pid}`;
  const server = await createServer({
    configFile: 'apps/console/vite.config.ts',
    cacheDir,
    server: { port: 0 },
    logLevel: 'error',
  });
  await server.listen();
  return {
    url: server.resolvedUrls!.local[0]!.replace(/\/$/, ''),
    end: async () => {
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
