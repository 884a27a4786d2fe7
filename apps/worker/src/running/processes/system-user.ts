import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotStart } from './cannot-start.js';

/** A system user as a process is started with it. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** All groups of the user by id, the primary one included. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** How long a user is believed to be as it was looked up, in milliseconds. */
const BELIEVED_MS = 60_000;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/;

/**
 * Looks users up by name, through the system's own name services (so LDAP users are found as well), and remembers them
 * for a minute.
 */
export class SystemUsers {
  private readonly found = new Map<string, { readonly at: number; readonly user: Promise<SystemUser | undefined> }>();

  constructor(private readonly lookUp: (name: string) => Promise<SystemUser | undefined> = askSystem) {}

  /** undefined when the system knows no such user. Rejects with CannotStart when it does not answer. */
  find(name: string): Promise<SystemUser | undefined> {
    const known = this.found.get(name);
    if (known && performance.now() - known.at < BELIEVED_MS) return known.user;
    const user = this.lookUp(name).catch((cause: Error) => {
      this.found.delete(name);
      throw new CannotStart(`the user "${name}" could not be looked up: ${cause.message}`, { cause });
    });
    this.found.set(name, { at: performance.now(), user });
    return user;
  }
}

/** Rejects when the system cannot be asked, or takes too long. The name is checked first and never becomes part of the script but as a positional parameter and a tilde word. */
async function askSystem(name: string): Promise<SystemUser | undefined> {
  if (!NAME.test(name)) return undefined;
  const script = 'id -u "$1" && id -g "$1" && id -G "$1" && eval "echo ~$1"';
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script, 'sh', name], { timeout: 10_000 });
    const [uid, gid, groups = '', home = ''] = stdout.split('\n');
    return { name, uid: Number(uid), gid: Number(gid), groups: groups.split(' ').map(Number), home };
  } catch (error) {
    // A number is the exit code of a script that did run: it says that there is no such user.
    if (typeof (error as { code?: unknown }).code === 'number') return undefined;
    throw error;
  }
}
