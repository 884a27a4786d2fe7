import { Log } from '@app/platform';
import { ArgumentsHost, Catch, ExceptionFilter } from '@nestjs/common';
import { Request, Response } from 'express';
import { SignInFirst } from './http-errors.js';
import { problemOf } from './problem.js';
import { requestIdOf } from './request-id.js';

/** Answers every error as `application/problem+json`, and tells the log of those that are our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof SignInFirst) {
      response.redirect(303, `/auth/sign-in?next=${encodeURIComponent(error.next)}`);
      return;
    }
    const { problem, headers } = problemOf(error, request.method, requestIdOf(request));
    const fields = { requestId: problem.requestId, method: request.method, path: request.path, status: problem.status };
    if (problem.status === 500) {
      this.log.error('A request failed unexpectedly', { ...fields, error });
    } else if (problem.status >= 500) {
      this.log.warn('A request could not be answered', { ...fields, reason: problem.detail });
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    response.status(problem.status).set(headers).type('application/problem+json').send(JSON.stringify(problem));
  }
}
