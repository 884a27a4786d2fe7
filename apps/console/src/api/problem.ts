import type { FieldFault, Problem, Words } from '@fleetcron/sdk';
import { said } from '@/i18n/said';

/** Why a call did not do what it should: a problem the server told of, or that no answer came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    /** Stable and machine-readable; `noAnswer` and `unreachable` are ours. */
    readonly code: string,
    private readonly saidAs: string | Words,
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    /** To quote to whoever runs this; absent where no answer came. */
    readonly requestId?: string,
    /** For input: every field that is wrong. */
    readonly errors: readonly FieldFault[] = [],
  ) {
    super(typeof saidAs === 'string' ? saidAs : saidAs.en);
  }

  /** What happened, in the language chosen where the server knows it. */
  get detail(): string {
    return typeof this.saidAs === 'string' ? this.saidAs : said(this.saidAs);
  }

  /** The problem in an answer that is not one of success, whatever its body looks like. */
  static of(body: unknown, response: Response): ApiProblem {
    const given = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
    const requestId = given.requestId ?? response.headers.get('x-request-id') ?? undefined;
    const detail = given.text ?? given.detail ?? `${response.status} ${response.statusText}`;
    return new ApiProblem(given.code ?? `http_${response.status}`, detail, response.status, requestId, given.errors);
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) {
    return error;
  }
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new ApiProblem('noAnswer', error.message, 0);
  }
  return new ApiProblem('unreachable', error instanceof Error ? error.message : String(error), 0);
}

/** The key of the sentence that tells people of a problem, under `error.`; undefined where its own detail says it best. */
export function sentenceKeyOf({ code, status }: ApiProblem): string | undefined {
  if (code === 'noAnswer' || code === 'unreachable') {
    return `error.${code}`;
  }
  if (code === 'still_listing') return undefined;
  switch (status) {
    case 403:
      return 'error.forbidden';
    case 404:
      return 'error.notFound';
    case 412:
      return 'error.conflict';
    case 429:
      return 'error.tooMany';
    case 503:
      return 'error.storeAway';
    default:
      return status >= 500 ? 'error.unexpected' : undefined;
  }
}
