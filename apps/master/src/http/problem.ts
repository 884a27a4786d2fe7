import { STATUS_CODES } from 'node:http';
import { FleetcronError, InvalidInput, StoreUnavailable } from '@app/platform';
import { HttpException } from '@nestjs/common';
import { FieldFault, toFieldFault } from '../api/field-fault.dto.js';
import { faultWords, wordsOf } from '../words/fault-words.js';
import { Words } from '../words/words.js';
import { codeOfStatus, statusOf } from './error-status.js';
import { StillListing, TooManyAttempts } from './http-errors.js';

/** An error as it travels: RFC 9457 with our `code`, the fields that are wrong, and the id to quote to an operator. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** `detail` in both languages of the console. */
  readonly text: Words;
  readonly requestId: string;
  readonly errors?: readonly FieldFault[];
}

/** A problem and the headers that go with it. */
export interface ProblemResponse {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Says an error in HTTP. Facts of ours go out; what is unexpected goes out as a bare 500, its text stays in the log.
 *
 * `method`: a GET has no body, so whatever is wrong with its input stands in its address, which is 400, not 422.
 */
export function problemOf(error: unknown, method: string, requestId: string): ProblemResponse {
  if (error instanceof FleetcronError) {
    return ofOurs(error, method, requestId);
  }
  const status = statusOfForeign(error);
  const title = STATUS_CODES[status] ?? 'Error';
  const said = status >= 500 ? OUR_FAULT : faultWords(sentence(error));
  return {
    problem: {
      type: 'about:blank',
      title,
      status,
      code: codeOfStatus(status),
      detail: said.en,
      text: said,
      requestId,
    },
    headers: {},
  };
}

function ofOurs(error: FleetcronError, method: string, requestId: string): ProblemResponse {
  const isAddress = error instanceof InvalidInput && (method === 'GET' || method === 'HEAD');
  const status = isAddress ? 400 : statusOf(error);
  const said = status === 500 ? OUR_FAULT : wordsOf(error);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: status === 500 ? 'internal_error' : isAddress ? 'invalid_query' : error.code,
    detail: said.en,
    text: said,
    requestId,
    ...(error instanceof InvalidInput && { errors: error.errors.map(toFieldFault) }),
  };
  return { problem, headers: headersOf(error) };
}

const OUR_FAULT: Words = {
  en: 'Something went wrong on our side. The request id finds it in the log.',
  zh: '服务端出错。可凭请求编号在日志中查到原因。',
};

function headersOf(error: FleetcronError): Record<string, string> {
  if (error.code === 'unauthenticated') {
    return { 'WWW-Authenticate': 'Bearer realm="fleetcron"' };
  }
  if (error instanceof TooManyAttempts) {
    return { 'Retry-After': String(Math.ceil(error.retryAfterMs / 1000)) };
  }
  return error instanceof StoreUnavailable || error instanceof StillListing ? { 'Retry-After': '2' } : {};
}

/** Express and its middleware throw errors with a `status`; Nest throws HttpException. */
function statusOfForeign(error: unknown): number {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  const status = (error as { status?: unknown } | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : 'The request cannot be answered.';
}
