import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK = Buffer.alloc(64 * 1024, 'junk');

/** A disk of a few megabytes that can be filled without hurting anybody: a file system in memory, mounted for a test. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** Mounts an empty one. Needs root; throws with a sentence where it cannot be mounted. */
  static mount(sizeMiB: number): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'fleetcron-disk-'));
    try {
      run('mount', '-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=700`, 'tmpfs', path);
    } catch (error) {
      rmdirSync(path);
      const { stderr = '', message } = error as Error & { stderr?: Buffer | string };
      throw new Error(
        `A disk of ${sizeMiB} MiB could not be mounted. This test needs root and CAP_SYS_ADMIN: ${String(stderr).trim() || message}`,
      );
    }
    return new SmallDisk(path);
  }

  /** Writes junk until not one page is left. Doing it again takes what was freed since. */
  fill(): void {
    const file = openSync(this.junk, 'a');
    try {
      for (;;) writeSync(file, CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Takes the junk away. */
  free(): void {
    rmSync(this.junk, { force: true });
  }

  /** Ends it, whoever may still have files open on it. */
  unmount(): void {
    run('umount', '-l', this.path);
    rmdirSync(this.path);
  }

  private get junk(): string {
    return join(this.path, 'junk');
  }
}

/** Throws with what the program said on stderr as `stderr`. */
function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
