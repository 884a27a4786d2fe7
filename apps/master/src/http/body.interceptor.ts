import { CallHandler, ExecutionContext, NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Request, Response } from 'express';
import { UnsupportedMediaType } from './http-errors.js';
import { readBody } from './read-body.js';
import { parseStrictJson } from './strict-json.js';

const TAKES = 'fleetcron:takes';
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/** Lets a handler take its body as text, of one of these media types, instead of JSON. */
export const TakesText = (...mediaTypes: string[]): MethodDecorator => SetMetadata(TAKES, mediaTypes);

/**
 * Reads the body of the request, after the guard has said who is asking and before the pipes look at it: nobody without
 * credentials can make us read or parse anything.
 */
export class BodyInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const texts = this.reflector.get<string[] | undefined>(TAKES, context.getHandler());
      request.body = await this.bodyOf(request, texts).catch((error: unknown) => {
        // What was not read would be taken for the next request on this connection.
        context.switchToHttp().getResponse<Response>().set('Connection', 'close');
        throw error;
      });
    }
    return next.handle();
  }

  private async bodyOf(request: Request, texts: string[] | undefined): Promise<unknown> {
    const given = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const taken = texts ?? JSON_TYPES;
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
    if (!hasBody) {
      return texts ? '' : undefined;
    }
    if (!taken.includes(given)) {
      throw new UnsupportedMediaType(given, taken);
    }
    const text = await readBody(request);
    return texts ? text : parseStrictJson(text);
  }
}
