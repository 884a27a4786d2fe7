import { pino } from 'pino';

/** Facts that go with a log line (`jobName`, `runId`, `latenessMs`). Never secrets, never whole payloads. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where a program tells the person on call what happens. `error`: someone should look now; `warn`: something we healed;
 * `info`: the life of jobs and workers.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line also carries these fields. */
  child(fields: LogFields): Log;
}

/** One JSON object a line on stdout. An `error` or `cause` field that holds an Error is written with its stack. */
export function createLog(level: string, fields: LogFields = {}): Log {
  return new PinoLog(
    pino({
      level,
      base: { ...fields },
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    }),
  );
}

/** Fields whose values are hidden should one slip in, at the top or one level down. Not a licence to log them. */
const NEVER_LOGGED = ['password', 'passwordHash', 'token', 'secret', 'authorization', 'cookie', 'adminPassword'];

/** Says nothing. For tests and for tools. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};

class PinoLog implements Log {
  constructor(private readonly inner: pino.Logger) {}

  debug(message: string, fields: LogFields = {}): void {
    this.inner.debug(fields, message);
  }

  info(message: string, fields: LogFields = {}): void {
    this.inner.info(fields, message);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.inner.warn(fields, message);
  }

  error(message: string, fields: LogFields = {}): void {
    this.inner.error(fields, message);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.inner.child(fields));
  }
}
