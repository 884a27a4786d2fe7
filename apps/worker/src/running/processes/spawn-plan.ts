import { existsSync } from 'node:fs';
import type { StartOrder } from '@app/jobs';
import { CannotStart } from './cannot-start.js';
import type { SystemUser } from './system-user.js';

/** What is handed to the system to start a process. */
export interface SpawnPlan {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** Who we are and what we have at hand to become another user. */
export interface Means {
  /** Our own effective user id. */
  readonly uid: number;
  /** Path of setpriv(1), if it is installed. */
  readonly setpriv?: string;
}

const SHELL = '/bin/sh';
const SYSTEM_FOLDERS = ['/bin/', '/usr/'];

/**
 * How to start an order. `user` is what the system knows of `order.user`, undefined where it knows nothing. Throws
 * CannotStart where the user cannot be had.
 *
 * Node drops the supplementary groups of a process it starts with a uid, so setpriv(1) sets all three; it execs the
 * program, hence keeps the pid. Without setpriv only users that have no further groups can be had.
 */
export function planSpawn(order: StartOrder, user: SystemUser | undefined, means: Means): SpawnPlan {
  // The run's id is what its processes are found by.
  const ordered = { ...order.env, FLEETCRON_RUN_ID: order.runId };
  const argv = comeUp(order.argv, order.workingDirectory);
  const plain: SpawnPlan = { argv, env: ordered };
  if (order.user === undefined) return plain;
  if (!user) throw new CannotStart(`there is no user "${order.user}" on this machine`);
  const env = { HOME: user.home, ...ordered };
  if (user.uid === means.uid) return { ...plain, env };
  if (means.uid !== 0) {
    throw new CannotStart(`only a worker that runs as root can run a job as "${order.user}"`);
  }
  const { uid, gid } = user;
  const furtherGroups = user.groups.filter((group) => group !== gid);
  if (furtherGroups.length === 0) return { ...plain, env, uid, gid };
  if (means.setpriv === undefined) {
    throw new CannotStart(`"${order.user}" has supplementary groups, and setpriv (util-linux) is not installed`);
  }
  const change = [`--reuid=${uid}`, `--regid=${gid}`, `--groups=${user.groups.join(',')}`];
  return { ...plain, env, argv: [means.setpriv, ...change, '--', ...argv] };
}

/**
 * A shell goes to the folder, and becomes the program. Whoever starts a process stands still until its program is there,
 * and one that has to be fetched from a dead network file system, or a folder there, may never be: that is for a process
 * of the run to wait for, which can be killed. So only programs of the system itself are started as they are.
 */
function comeUp(argv: readonly string[], folder: string | undefined): readonly string[] {
  const [program = ''] = argv;
  if (folder !== undefined)
    return [SHELL, '-c', 'cd -P -- "$1" || exit 126; unset OLDPWD; shift; exec "$@"', 'sh', folder, ...argv];
  const isOfSystem = SYSTEM_FOLDERS.some((each) => program.startsWith(each));
  return isOfSystem || !program.startsWith('/') ? argv : [SHELL, '-c', 'exec "$@"', 'sh', ...argv];
}

/** The means of this process. */
export function ownMeans(): Means {
  return {
    uid: process.geteuid?.() ?? -1,
    setpriv: ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path)),
  };
}
