import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { problemDto } from './problem.dto.js';

/** How one call stands in the API document. */
export interface OperationDoc {
  /** Unique and short: the method's name in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Status when all went well; default 200. */
  readonly status?: number;
  /** What it answers then; absent: no body. */
  readonly answer?: z.ZodType;
  /** Media type of an answer that is no JSON. */
  readonly produces?: string;
  /** Errors beyond 401, 403 and 503, by status, with when they come. */
  readonly errors?: Readonly<Record<number, string>>;
}

const COMMON_ERRORS: Readonly<Record<number, string>> = {
  400: 'The address or the body cannot be read.',
  401: 'No credentials that hold.',
  403: 'The caller may not do this.',
  503: 'A store does not answer; try again.',
};

/** Describes a call, its answer and its errors for the API document, and sets its status. */
export function Operation(doc: OperationDoc): MethodDecorator {
  const status = doc.status ?? 200;
  const errors = Object.entries({ ...COMMON_ERRORS, ...doc.errors });
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId: doc.id, summary: doc.summary, description: doc.description ?? doc.summary }),
    ApiResponse({ status, description: 'Done.', ...answerOf(doc) }),
    ...errors.map(([code, description]) =>
      ApiResponse({ status: Number(code), description, ...{ standardSchema: problemDto } }),
    ),
  );
}

function answerOf(doc: OperationDoc): object {
  if (doc.produces) {
    return { content: { [doc.produces]: { schema: { type: 'string' } } } };
  }
  return doc.answer ? { standardSchema: doc.answer } : {};
}
