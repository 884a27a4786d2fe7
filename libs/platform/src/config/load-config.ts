import { FieldError, InvalidInput } from '../errors.js';
import { Setting } from './setting.js';
import { settingsInFile } from './settings-file.js';

/** The settings of one program by name in camelCase: `httpPort` is FLEETCRON_HTTP_PORT, or `httpPort` in the file. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What a program gets: every setting parsed, or its default. */
export type ConfigOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** Where settings come from. Passed in, so that a test has its own. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file as text; throws what the system says. */
  readonly readFile: (path: string) => string;
}

/**
 * The configuration cannot be used. Its message is for a person at a terminal, one line per setting.
 * @public thrown to programs
 */
export class InvalidConfig extends InvalidInput {
  override readonly code = 'invalid_config';
}

/**
 * Reads the settings from the environment, and below it from the YAML file that FLEETCRON_CONFIG names. Empty variables
 * count as absent, as container tools leave them. Throws InvalidConfig with every setting that is wrong: its name, what
 * it is (never of a secret), and what was expected. A word in the file that is no setting is refused as well.
 */
export function loadConfig<S extends Settings>(settings: S, sources: ConfigSources): ConfigOf<S> {
  const errors: FieldError[] = [];
  const file = readFileSettings(settings, sources, errors);
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const variable = variableOf(name);
    const fromEnv = sources.env[variable];
    const text = fromEnv !== undefined && fromEnv !== '' ? fromEnv : file.get(name);
    const parsed = text === undefined ? setting.absent() : setting.parse(text);
    if (parsed.ok) {
      config[name] = parsed.value;
    } else {
      const given = text === undefined || setting.isSecret ? '' : `; it is ${JSON.stringify(text.slice(0, 100))}`;
      errors.push({ path: variable, message: `${parsed.expected}${given}` });
    }
  }
  if (errors.length > 0) {
    throw new InvalidConfig(errors, errors.map(({ path, message }) => `${path} ${message}`).join('\n'));
  }
  return config as ConfigOf<S>;
}

/** Variables that look like ours and are no setting of this program: a typing error, or meant for another. */
export function unknownVariables(known: readonly Settings[], env: ConfigSources['env']): string[] {
  const names = new Set(known.flatMap((settings) => Object.keys(settings).map(variableOf)));
  return Object.keys(env)
    .filter((variable) => variable.startsWith('FLEETCRON_') && variable !== CONFIG_FILE && !names.has(variable))
    .sort();
}

const CONFIG_FILE = 'FLEETCRON_CONFIG';

/** `httpPort` as FLEETCRON_HTTP_PORT. */
function variableOf(name: string): string {
  return `FLEETCRON_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readFileSettings(
  settings: Settings,
  { env, readFile }: ConfigSources,
  errors: FieldError[],
): Map<string, string> {
  const path = env[CONFIG_FILE];
  if (!path) {
    return new Map();
  }
  try {
    return settingsInFile(readFile(path), Object.keys(settings));
  } catch (error) {
    errors.push({ path: CONFIG_FILE, message: `must name a YAML file of settings: ${(error as Error).message}` });
    return new Map();
  }
}
