import { type ChildProcess, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { spawnInOwnSession } from './own-session.js';
import { until } from './until.js';

/** A MongoDB for tests. One that is not ours (`MONGODB_URI`) cannot be stopped or paused: `isOwn` is false. */
export interface MongoServer {
  /** What it is, for the output of a test run. */
  readonly description: string;
  readonly isOwn: boolean;
  /** Where a database of this name is to be found. */
  uri(database: string): string;
  /** Ends the process without warning. The one in memory forgets everything. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Stops the process from answering, while its connections stay open; resolves when it stands still. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends it and removes what it left. Calling it again is safe. */
  stop(): Promise<void>;
}

/** How a process of ours is started on a port, and when it is ready. */
interface Recipe {
  readonly description: string;
  start(port: number): Promise<ChildProcess>;
  cleanUp(): Promise<void>;
}

/** Where a server is to be, for one that people use; tests let the system choose and leave nothing. */
export interface MongoPlace {
  /** Its data stay here, where it keeps any. */
  readonly folder: string;
  readonly port: number;
}

export const HOW_TO_GET_MONGO =
  'set MONGODB_URI, or put mongod on the PATH, or install Java 17 and Maven (Debian: openjdk-17-jdk-headless, maven)';
/** Seen from the root of the repository, where tests and scripts run. */
const SOURCES = resolve('test/support/mongo-java-server');
const CACHE = resolve('.cache');
/** Enough for some two hundred thousand records with their output. */
const HEAP_MIB = 2048;

const run = promisify(execFile);

/**
 * The best server to be had: `MONGODB_URI`, a `mongod` on the PATH, or mongo-java-server, built by Maven on first use.
 * Where there is none, or FLEETCRON_TEST_SERVICES=none asks to do without: undefined, after a line on stderr saying how to
 * get one; with FLEETCRON_REQUIRE_SERVICES=1 it throws instead. MONGO_JAVA_SERVER_VERSION ("4.4.0.0 9") overrides what the
 * last one claims to be. That one holds its records in memory, `heapMiB` of them at most.
 */
export async function startMongoServer(heapMiB = HEAP_MIB): Promise<MongoServer | undefined> {
  const server = process.env.FLEETCRON_TEST_SERVICES === 'none' ? undefined : await findMongoServer(undefined, heapMiB);
  if (server) return server;
  if (process.env.FLEETCRON_REQUIRE_SERVICES === '1') throw new Error(`There is no MongoDB: ${HOW_TO_GET_MONGO}.`);
  console.error(`LEFT OUT: tests against MongoDB, for there is none. To have them run, ${HOW_TO_GET_MONGO}.`);
  return undefined;
}

/** The same, undefined without a word where there is none. With a place it is started there and keeps what it can keep. */
export async function findMongoServer(place?: MongoPlace, heapMiB = HEAP_MIB): Promise<MongoServer | undefined> {
  const given = process.env.MONGODB_URI;
  if (given) return givenServer(given);
  const recipe = (await mongodRecipe(place?.folder)) ?? (await javaRecipe(heapMiB));
  return recipe && ownServer(recipe, place?.port ?? (await freePort()));
}

function givenServer(uri: string): MongoServer {
  const refuse = (): never => {
    throw new Error('The server at MONGODB_URI is not ours to stop.');
  };
  return {
    description: 'the server at MONGODB_URI',
    isOwn: false,
    uri: (database) => {
      const url = new URL(uri);
      url.pathname = `/${database}`;
      return url.href;
    },
    kill: refuse,
    restart: refuse,
    pause: refuse,
    resume: refuse,
    stop: async () => {},
  };
}

async function ownServer(recipe: Recipe, port: number): Promise<MongoServer> {
  let child = await recipe.start(port);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    description: recipe.description,
    isOwn: true,
    uri: (database) => `mongodb://127.0.0.1:${port}/${database}`,
    kill,
    restart: async () => {
      await kill();
      child = await recipe.start(port);
    },
    pause: async () => {
      child.kill('SIGSTOP');
      await until('every thread of the server stands still', () => isStopped(child.pid!));
    },
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      await recipe.cleanUp();
    },
  };
}

async function mongodRecipe(kept?: string): Promise<Recipe | undefined> {
  const version = await run('mongod', ['--version']).catch(() => undefined);
  if (version === undefined) return undefined;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'fleetcron-mongod-')));
  if (kept !== undefined) await mkdir(kept, { recursive: true });
  return {
    description: version.stdout.split('\n')[0] ?? 'mongod',
    start: async (port) => {
      const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
      const child = spawnInOwnSession('mongod', args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await lineOf(child, (line) => /waiting for connections/i.test(line));
      return child;
    },
    cleanUp: async () => {
      if (kept === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function javaRecipe(heapMiB: number): Promise<Recipe | undefined> {
  const java = await run('java', ['-version']).catch(() => undefined);
  const build = java && (await buildJavaServer());
  if (build === undefined) return undefined;
  const claimed = (process.env.MONGO_JAVA_SERVER_VERSION ?? '4.4.0.0 9').split(' ');
  const classPath = [join(build, 'classes'), join(build, 'lib', '*')].join(':');
  return {
    description: `mongo-java-server, in memory, claiming to be ${claimed.join(' with wire version ')}`,
    start: async (port) => {
      const args = [`-Xmx${heapMiB}m`, '-XX:TieredStopAtLevel=1', '-cp', classPath, 'Main', String(port), ...claimed];
      const child = spawnInOwnSession('java', args, { stdio: ['pipe', 'pipe', 'inherit'] });
      await lineOf(child, (line) => /^\d+$/.test(line));
      return child;
    },
    cleanUp: async () => {},
  };
}

/** The folder of the build, named by what it was built from; undefined when it cannot be built. */
async function buildJavaServer(): Promise<string | undefined> {
  const sources = ['pom.xml', 'src/main/java/Main.java'].map((name) => readFileSync(join(SOURCES, name)));
  const digest = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 12);
  const build = join(CACHE, `mongo-java-server-${digest}`);
  if (existsSync(build)) return build;
  // Built aside and moved into place whole, for several test processes may come here at once.
  const aside = `${build}.${process.pid}`;
  try {
    await run('mvn', ['-q', '-B', `-DrunnerBuildDirectory=${aside}`, 'package'], { cwd: SOURCES });
    await rename(aside, build).catch((error) => {
      if (!existsSync(build)) throw error;
    });
    return build;
  } catch (error) {
    console.error(`mongo-java-server could not be built: ${error instanceof Error ? error.message : error}`);
    return undefined;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function lineOf(child: ChildProcess, isReady: (line: string) => boolean): Promise<void> {
  const lines = createInterface({ input: child.stdout! });
  await new Promise<void>((ready, fail) => {
    lines.on('line', (line) => {
      if (isReady(line)) ready();
    });
    child.once('exit', (code) => fail(new Error(`The server ended with code ${code} before it was ready.`)));
    child.once('error', fail);
  });
}

/** Whether all its threads are stopped; where the system does not tell, that is taken for granted. */
async function isStopped(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = threads.map((thread) =>
    readFile(`/proc/${pid}/task/${thread}/status`, 'utf8').catch(() => 'State:\tT'),
  );
  return (await Promise.all(states)).every((status) => /^State:\tT/m.test(status));
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
