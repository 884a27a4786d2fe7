import { FieldError, InvalidInput } from '@app/platform';
import { JobDocument } from '../job/job.js';
import { parseJobDocument } from '../job/parse-job-document.js';
import { quote } from '../schedule/refuse.js';
import { TimeZone } from '../schedule/time-zone.js';
import { CommentAbove } from './comment-above.js';
import { type CrontabLine, readCrontabLine } from './crontab-line.js';
import { type CrontabFormat, detectFormat } from './detect-format.js';
import { assign, type CrontabEnvironment, initialEnvironment } from './environment.js';
import { FreshNames, nameFromCommand } from './job-name.js';
import { shellFor, splitAtPercent, withInput } from './percent.js';

export interface CrontabImportOptions {
  /** `auto` looks for a user column. */
  readonly format: 'auto' | CrontabFormat;
  /** Names that jobs have already; none of them is given again. */
  readonly existingNames: Iterable<string>;
  /** Zone of the machine the crontab comes from; UTC unless given. A CRON_TZ line overrides it. */
  readonly timezone?: string;
  /** Group of the jobs. */
  readonly group?: string;
}

/** What became of one line. */
export interface ImportedLine {
  /** From 1. */
  readonly line: number;
  readonly source: string;
  readonly kind: 'job' | 'refused' | 'environment' | 'comment' | 'blank';
  /** Of a job: a document that `parseJobDocument` accepts. */
  readonly document?: JobDocument;
  /** Of a refused line, in a sentence. */
  readonly reason?: string;
  /** Of a refused line that could be read: what is wrong with its job, field by field. */
  readonly errors?: readonly FieldError[];
  /** What differs from cron(8) or is easily misread. */
  readonly warnings?: readonly string[];
}

export interface ImportedCrontab {
  readonly format: CrontabFormat;
  /** One for each line of the text, in order: nothing is lost. */
  readonly lines: readonly ImportedLine[];
}

/**
 * Reads a crontab as cron(8) and crontab(5) of Debian do and gives the jobs that do the same. Throws InvalidInput for a
 * text of more than 256 KiB or an unknown zone; a line that cannot be a job is refused with its reason.
 */
export function importCrontab(text: string, options: CrontabImportOptions): ImportedCrontab {
  if (text.length > MAX_LENGTH) throw new InvalidInput([{ path: '', message: 'a crontab has at most 256 KiB' }]);
  if (options.timezone !== undefined && !TimeZone.of(options.timezone)) {
    throw new InvalidInput([{ path: 'timezone', message: `there is no time zone ${quote(options.timezone)}` }]);
  }
  const sources = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (sources.at(-1) === '') sources.pop();
  const format = options.format === 'auto' ? detectFormat(sources) : options.format;
  const importer = new CrontabImporter(options);
  return { format, lines: sources.map((source, index) => importer.take(source, index + 1, format === 'system')) };
}

const MAX_LENGTH = 262_144;

class CrontabImporter {
  private readonly names: FreshNames;
  private readonly comment = new CommentAbove();
  private environment: CrontabEnvironment;

  constructor(private readonly options: CrontabImportOptions) {
    this.names = new FreshNames(options.existingNames);
    this.environment = initialEnvironment(options.timezone);
  }

  take(source: string, line: number, hasUser: boolean): ImportedLine {
    const read = readCrontabLine(source, hasUser);
    const at = { line, source };
    if (read.kind === 'comment') {
      this.comment.add(read.text);
      return { ...at, kind: 'comment' };
    }
    const description = this.comment.take();
    switch (read.kind) {
      case 'blank':
        return { ...at, kind: 'blank' };
      case 'broken':
        return { ...at, kind: 'refused', reason: read.reason };
      case 'environment':
        return { ...at, ...this.assign(read.name, read.value) };
      case 'entry':
        return { ...at, ...this.job(read, description) };
    }
  }

  private assign(name: string, value: string): Pick<ImportedLine, 'kind' | 'reason' | 'warnings'> {
    const outcome = assign(this.environment, name, value);
    if (!outcome.ok) return { kind: 'refused', reason: outcome.reason };
    this.environment = outcome.environment;
    return { kind: 'environment', ...(outcome.warnings.length > 0 ? { warnings: outcome.warnings } : {}) };
  }

  private job(
    entry: Entry,
    description: string | undefined,
  ): Pick<ImportedLine, 'kind' | 'document' | 'reason' | 'errors'> {
    const document = this.document(entry, description);
    try {
      parseJobDocument(document);
    } catch (error) {
      if (error instanceof InvalidInput) return { kind: 'refused', reason: error.message, errors: error.errors };
      throw error;
    }
    this.names.keep(document.name);
    return { kind: 'job', document };
  }

  private document(entry: Entry, description: string | undefined): JobDocument {
    const { env, shell, timezone } = this.environment;
    const parts = splitAtPercent(entry.command);
    const runBy = shellFor(parts, shell);
    return {
      name: this.names.propose(nameFromCommand(parts.command)),
      ...(description === undefined ? {} : { description }),
      ...(this.options.group === undefined ? {} : { group: this.options.group }),
      cronExpr: entry.cronExpr,
      ...(timezone === undefined ? {} : { timezone }),
      command: withInput(parts, shell),
      ...(runBy === '/bin/sh' ? {} : { shell: [runBy, '-c'] }),
      ...(entry.user === undefined ? {} : { user: entry.user }),
      ...(env.HOME?.startsWith('/') ? { workingDirectory: env.HOME } : {}),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    };
  }
}

type Entry = Extract<CrontabLine, { kind: 'entry' }>;
