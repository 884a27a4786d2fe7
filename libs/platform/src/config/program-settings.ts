import { ConfigOf } from './load-config.js';
import {
  flagSetting,
  listSetting,
  optional,
  pairsSetting,
  passwordSetting,
  Setting,
  secretSetting,
  textSetting,
  wholeSetting,
  wordSetting,
} from './setting.js';

/** Shortest token taken from the configuration: nobody guesses 24 characters. */
const BOOTSTRAP_TOKEN_MIN_LENGTH = 24;

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,127}$/u;
const HOST = /^[A-Za-z0-9.:_-]{1,255}$/;

/** What every program reads. Addresses of stores may hold a password, so they are secrets. */
const common = {
  data: optional(textSetting(/^[^\0]+$/, 'must be a folder'), './data'),
  logLevel: optional(wordSetting(['debug', 'info', 'warn', 'error']), 'info' as const),
  httpHost: optional(textSetting(HOST, 'must be a host name or an address'), '127.0.0.1'),
  storeCa: optionalFile(),
  storeCert: optionalFile(),
  storeKey: optionalFile(),
};

const etcdOnly = secretSetting(
  (text) => /^etcds?:\/\/./.test(text),
  'must be like etcd://h1:2379,h2:2379/cron; an embedded store serves one process, which is standalone',
);
const mongoOnly = secretSetting(
  (text) => /^mongodb(\+srv)?:\/\/./.test(text),
  'must be like mongodb://h1:27017/fleetcron; an embedded history serves one process, which is standalone',
);
const anyStore = secretSetting(
  (text) => /^(embedded:.|etcds?:\/\/.)/.test(text),
  'must be like embedded:./data or etcd://h1:2379,h2:2379/cron',
);
const anyHistory = secretSetting(
  (text) => /^(embedded:.|mongodb(\+srv)?:\/\/.)/.test(text),
  'must be like embedded:./data or mongodb://h1:27017/fleetcron',
);

const serving = {
  httpPort: optional(wholeSetting(0, 65_535), 8080),
  adminPassword: optional(passwordSetting(), undefined),
  bootstrapToken: optional(
    secretSetting(
      (text) => new RegExp(`^[\\w.~+/=-]{${BOOTSTRAP_TOKEN_MIN_LENGTH},512}$`).test(text),
      `must have at least ${BOOTSTRAP_TOKEN_MIN_LENGTH} letters, digits or . _ ~ + / = -`,
    ),
    undefined,
  ),
  publicUrl: optional(textSetting(/^https?:\/\/[^\s/?#]+\/?$/, 'must be like https://cron.example.org'), undefined),
  trustProxy: optional(wholeSetting(0, 10), 0),
  metricsPublic: optional(flagSetting(), false),
  /** Days after which ended runs and their output are deleted. */
  historyDays: optional(wholeSetting(1, 3650), 30),
  /** Ended runs kept per job whatever their age allows; undefined: any number. */
  historyKeepPerJob: optional(wholeSetting(1, 1_000_000), undefined),
  /** Whether the leader compacts etcd when nobody else does. */
  compact: optional(flagSetting(), true),
};

const working = {
  workerId: optional(textSetting(NAME, 'must be 1 to 128 letters, digits or . _ -'), undefined),
  group: optional(textSetting(NAME, 'must be 1 to 128 letters, digits or . _ -'), 'default'),
  labels: optional(pairsSetting(), {} as Readonly<Record<string, string>>),
  slots: optional(wholeSetting(1, 10_000), 100),
  drainSeconds: optional(wholeSetting(0, 3600), 10),
  /** Variables of the worker's own environment that jobs see besides the usual few. */
  passEnv: optional(
    listSetting(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be names of variables like HTTP_PROXY,NO_PROXY'),
    [] as readonly string[],
  ),
};

/** Settings of the master. */
export const masterSettings = { ...common, ...serving, store: etcdOnly, history: mongoOnly };

/** Settings of the worker. Its port is for health only: any free one unless set. */
export const workerSettings = {
  ...common,
  ...working,
  httpPort: optional(wholeSetting(0, 65_535), 0),
  store: etcdOnly,
  history: mongoOnly,
};

/** Settings of standalone: both roles in one process, on embedded stores unless said otherwise. */
export const standaloneSettings = {
  ...common,
  ...serving,
  ...working,
  /** Absent: embedded, in the data folder. */
  store: optional(anyStore, undefined),
  history: optional(anyHistory, undefined),
};

export type MasterConfig = ConfigOf<typeof masterSettings>;
export type WorkerConfig = ConfigOf<typeof workerSettings>;

function optionalFile(): Setting<string | undefined> {
  return optional(textSetting(/^[^\0]+$/, 'must be the path of a file'), undefined);
}
