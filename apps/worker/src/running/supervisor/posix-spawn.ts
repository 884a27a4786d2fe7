import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { SpawnPlan } from '../processes/spawn-plan.js';
import type { ChildExit, SpawnedChild } from './spawned-child.js';

type ExitListener = (exit: ChildExit) => void;

// Of the C library on Linux, glibc and musl alike.
const O_CLOEXEC = 0o2000000;
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
const P_ALL = 0;
/** Where siginfo_t has the pid, as a 32-bit number. */
const SIGINFO_PID = 4;

/** More than any C library's sigset_t, posix_spawnattr_t and posix_spawn_file_actions_t take, in bytes. */
const OPAQUE_BYTES = 1_024;
const PLATFORMS: readonly string[] = ['linux-x64', 'linux-arm64'];
const SIGNAL_NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * posix_spawn(3). Node's own spawn forks: the kernel copies the page tables of the whole process for each child, which
 * costs twice what all else about a short run does. posix_spawn lends the child the memory instead, until it execs.
 */
export class PosixSpawn {
  private readonly running = new Map<number, ExitListener>();
  private readonly attributes = Buffer.alloc(OPAQUE_BYTES);
  private readonly actions = Buffer.alloc(OPAQUE_BYTES);
  private readonly ends = new Int32Array(2);
  private readonly pid = new Int32Array(1);
  private readonly status = new Int32Array(1);
  private readonly info = new Int32Array(OPAQUE_BYTES / Int32Array.BYTES_PER_ELEMENT);

  private constructor(private readonly c: CLibrary) {
    c.posix_spawnattr_init(this.attributes);
    c.posix_spawnattr_setflags(this.attributes, SETSID | SETSIGDEF | SETSIGMASK);
    // What this process ignores, its children must not. sigfillset(3) would leave out two that glibc keeps to itself.
    c.posix_spawnattr_setsigdefault(this.attributes, Buffer.alloc(OPAQUE_BYTES, 0xff));
    c.posix_spawnattr_setsigmask(this.attributes, Buffer.alloc(OPAQUE_BYTES));
    process.on('SIGCHLD', () => this.reap());
  }

  /**
   * undefined where it is not to be had: another system than Linux or, and then the reason is told, a C library that
   * cannot be called.
   */
  static async load(tell: (reason: string) => void): Promise<PosixSpawn | undefined> {
    if (!PLATFORMS.includes(`${process.platform}-${process.arch}`)) return undefined;
    try {
      return new PosixSpawn(await bindCLibrary());
    } catch (error) {
      tell((error as Error).message);
      return undefined;
    }
  }

  /**
   * Starts the process as `Spawner.spawn` says. undefined, with no process there, when the system refuses it or when the
   * plan asks for what is not done here: another user, or a program that has to be searched for.
   */
  spawn(plan: SpawnPlan): SpawnedChild | undefined {
    const { argv, uid, gid } = plan;
    const environment = Object.entries(plan.env).map(([name, value]) => `${name}=${value}`);
    if (uid !== undefined || gid !== undefined || !argv[0]?.startsWith('/')) return undefined;
    // A C string would end there.
    if ([...argv, ...environment].some((text) => text.includes('\0'))) return undefined;
    const out = this.pipe();
    const err = out && this.pipe();
    if (err && this.start(plan, environment, out.writeEnd, err.writeEnd)) {
      this.c.close(out.writeEnd);
      this.c.close(err.writeEnd);
      const pid = this.pid[0] as number;
      const exited = new Promise<ChildExit>((resolve) => this.running.set(pid, resolve));
      return { pid, stdout: out.source, stderr: err.source, exited };
    }
    for (const pipe of [out, err]) {
      if (!pipe) continue;
      this.c.close(pipe.writeEnd);
      pipe.source.destroy();
    }
    return undefined;
  }

  private start({ argv }: SpawnPlan, environment: readonly string[], stdout: number, stderr: number): boolean {
    const { c, actions } = this;
    c.posix_spawn_file_actions_init(actions);
    try {
      c.posix_spawn_file_actions_addopen(actions, 0, '/dev/null', 0, 0);
      c.posix_spawn_file_actions_adddup2(actions, stdout, 1);
      c.posix_spawn_file_actions_adddup2(actions, stderr, 2);
      const args = [...argv, null];
      return c.posix_spawn(this.pid, argv[0] as string, actions, this.attributes, args, [...environment, null]) === 0;
    } finally {
      c.posix_spawn_file_actions_destroy(actions);
    }
  }

  private pipe(): { readonly source: Socket; readonly writeEnd: number } | undefined {
    if (this.c.pipe2(this.ends, O_CLOEXEC) !== 0) return undefined;
    const [fd, writeEnd] = this.ends as unknown as [number, number];
    return { source: new Socket({ fd, readable: true, writable: false }), writeEnd };
  }

  /** One signal may stand for many that ended. What was started here by others is theirs to wait for. */
  private reap(): void {
    for (let pid = this.anyEnded(); pid !== 0; pid = this.anyEnded()) {
      if (this.running.has(pid)) {
        this.reapIfEnded(pid);
      } else {
        this.reapEach();
        return;
      }
    }
  }

  /** A child that ended and that nobody has waited for yet; 0: there is none. */
  private anyEnded(): number {
    this.info[SIGINFO_PID] = 0;
    const isAnswered = this.c.waitid(P_ALL, 0, this.info, WEXITED | WNOHANG | WNOWAIT) === 0;
    return isAnswered ? (this.info[SIGINFO_PID] as number) : 0;
  }

  /** Somebody else's child stands before those of ours that ended: each of ours is asked for. */
  private reapEach(): void {
    for (const pid of this.running.keys()) this.reapIfEnded(pid);
  }

  private reapIfEnded(pid: number): void {
    const reaped = this.c.waitpid(pid, this.status, WNOHANG);
    if (reaped === 0) return;
    // Should somebody else have waited for it, it has ended all the same, and nobody here knows how.
    this.running.get(pid)?.(reaped === pid ? readStatus(this.status[0] as number) : {});
    this.running.delete(pid);
  }
}

/** As wait(2) lays it out on Linux. */
function readStatus(status: number): ChildExit {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal: SIGNAL_NAMES.get(signal) ?? `SIG${signal}` };
}

type CLibrary = Awaited<ReturnType<typeof bindCLibrary>>;

/** Rejects when there is no native part of koffi for this machine, or a function is missing. */
async function bindCLibrary() {
  const { default: koffi } = await import('koffi');
  const library = koffi.load(null);
  const bind = <F>(prototype: string): F => library.func(prototype) as unknown as F;
  return {
    pipe2: bind<(ends: Int32Array, flags: number) => number>('int pipe2(int *ends, int flags)'),
    close: bind<(fd: number) => number>('int close(int fd)'),
    waitpid: bind<(pid: number, status: Int32Array, options: number) => number>(
      'int waitpid(int pid, int *status, int options)',
    ),
    waitid: bind<(what: number, id: number, info: Int32Array, options: number) => number>(
      'int waitid(int idtype, unsigned int id, void *info, int options)',
    ),
    posix_spawn: bind<
      (
        pid: Int32Array,
        path: string,
        actions: Buffer,
        attributes: Buffer,
        argv: readonly (string | null)[],
        environment: readonly (string | null)[],
      ) => number
    >('int posix_spawn(int *pid, const char *path, void *actions, void *attr, const char **argv, const char **envp)'),
    posix_spawnattr_init: bind<(attributes: Buffer) => number>('int posix_spawnattr_init(void *attr)'),
    posix_spawnattr_setflags: bind<(attributes: Buffer, flags: number) => number>(
      'int posix_spawnattr_setflags(void *attr, short flags)',
    ),
    posix_spawnattr_setsigdefault: bind<(attributes: Buffer, set: Buffer) => number>(
      'int posix_spawnattr_setsigdefault(void *attr, void *set)',
    ),
    posix_spawnattr_setsigmask: bind<(attributes: Buffer, set: Buffer) => number>(
      'int posix_spawnattr_setsigmask(void *attr, void *set)',
    ),
    posix_spawn_file_actions_init: bind<(actions: Buffer) => number>(
      'int posix_spawn_file_actions_init(void *actions)',
    ),
    posix_spawn_file_actions_destroy: bind<(actions: Buffer) => number>(
      'int posix_spawn_file_actions_destroy(void *actions)',
    ),
    posix_spawn_file_actions_addopen: bind<
      (actions: Buffer, fd: number, path: string, flags: number, mode: number) => number
    >('int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)'),
    posix_spawn_file_actions_adddup2: bind<(actions: Buffer, from: number, to: number) => number>(
      'int posix_spawn_file_actions_adddup2(void *actions, int from, int to)',
    ),
  };
}
