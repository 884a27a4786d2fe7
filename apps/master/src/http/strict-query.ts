import { FieldError } from '@app/platform';
import { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { NextFunction, Request, Response } from 'express';
import { InvalidQuery, MalformedRequest } from './http-errors.js';

/**
 * Reads the query string the strict way, before anything else can read it another way: every parameter once, with a
 * plain name. `job[$ne]=x`, `a=1&a=2` and bytes that are no UTF-8 answer 400.
 */
export function strictQuery(request: Request, _response: Response, next: NextFunction): void {
  try {
    const mark = request.url.indexOf('?');
    const query = mark < 0 ? {} : parseQuery(request.url.slice(mark + 1));
    Object.defineProperty(request, 'query', { value: query, configurable: true });
    next();
  } catch (error) {
    next(error);
  }
}

/** Parameters by name. Throws InvalidQuery, MalformedRequest. */
function parseQuery(text: string): Record<string, string> {
  const parsed: Record<string, string> = Object.create(null);
  const errors: FieldError[] = [];
  for (const part of text.split('&').filter((piece) => piece !== '')) {
    const [rawName = '', ...rest] = part.split('=');
    const name = decode(rawName);
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
      errors.push({ path: name.slice(0, 64), message: 'is not a parameter of this call' });
    } else if (name in parsed) {
      errors.push({ path: name, message: 'is given more than once' });
    } else {
      parsed[name] = decode(rest.join('='));
    }
  }
  if (errors.length > 0) {
    throw new InvalidQuery(errors);
  }
  return { ...parsed };
}

/** Refuses any parameter where the handler reads none at all. Those that do have a schema that knows its own. */
export class NoStrayQuery implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const names = Object.keys(context.switchToHttp().getRequest<Request>().query);
    if (names.length > 0 && !readsQuery(context)) {
      throw new InvalidQuery(names.map((path) => ({ path, message: 'is not a parameter of this call' })));
    }
    return next.handle();
  }
}

function readsQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
  return Object.keys(parameters).some((key) => Number(key.split(':', 1)[0]) === RouteParamtypes.QUERY);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    throw new MalformedRequest('The query string is not UTF-8.');
  }
}
