import { readFileSync } from 'node:fs';
import { InvalidInput } from '../errors.js';
import { ConfigOf, loadConfig, Settings, unknownVariables } from './load-config.js';
import { masterSettings, standaloneSettings, workerSettings } from './program-settings.js';

/** What a program that cannot start does. Passed in, so that a test need not die. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly exit: (code: number) => never;
}

/** Exit code of a program whose configuration is wrong. */
export const EXIT_INVALID_CONFIG = 2;

/** One host may have variables for another program of ours: only what none knows is worth a word. */
const ALL_SETTINGS = [masterSettings, workerSettings, standaloneSettings];

/** The configuration of this process; where it is wrong, says how on stderr and exits with 2. */
export function configOrExit<S extends Settings>(settings: S, terminal: Terminal = processTerminal): ConfigOf<S> {
  for (const variable of unknownVariables(ALL_SETTINGS, process.env)) {
    terminal.print(`fleetcron: ${variable} is no setting and is ignored; is it spelled right?`);
  }
  return orExit(
    () => loadConfig(settings, { env: process.env, readFile: (path) => readFileSync(path, 'utf8') }),
    terminal,
  );
}

/** Runs something that checks settings more deeply; InvalidInput is said on stderr, and the process exits with 2. */
export function orExit<T>(check: () => T, terminal: Terminal = processTerminal): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidInput)) {
      throw error;
    }
    terminal.print('fleetcron cannot start:');
    for (const line of error.message.split('\n')) {
      terminal.print(`  ${line}`);
    }
    return terminal.exit(EXIT_INVALID_CONFIG);
  }
}

const processTerminal: Terminal = {
  print: (line) => void process.stderr.write(`${line}\n`),
  exit: (code) => process.exit(code),
};
