import type { Log } from './log.js';
import { optimizeLater } from './optimizer.js';
import { takePrecedence } from './precedence.js';

/** What can be closed: an application of the framework. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * SIGTERM and SIGINT close the application and end the process with 0. A second signal, or a close that takes longer
 * than `deadlineMs`, ends it at once with 1.
 */
export function closeOnSignal(app: Closable, log: Log, deadlineMs: number): void {
  let isClosing = false;
  const close = (signal: string): void => {
    if (isClosing) {
      log.warn('Told twice to stop: stopping at once', { signal });
      process.exit(1);
    }
    isClosing = true;
    log.info('Stopping', { signal });
    setTimeout(() => {
      log.error('Stopping takes too long', { deadlineMs });
      process.exit(1);
    }, deadlineMs).unref();
    app.close().then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        log.error('Stopping failed', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => close('SIGTERM'));
  process.on('SIGINT', () => close('SIGINT'));
}

/**
 * Runs the program, with precedence over the commands it may start, and optimized later than by default; what it cannot
 * start without is said in a sentence on stderr, and the process exits with 1.
 */
export async function runProgram(program: () => Promise<void>): Promise<void> {
  takePrecedence();
  optimizeLater();
  try {
    await program();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`fleetcron cannot start: ${text}\n`);
    if (process.env['FLEETCRON_LOG_LEVEL'] === 'debug' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  }
}
