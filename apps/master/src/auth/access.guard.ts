import { Role, roleAllows } from '@app/platform';
import { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Request } from 'express';
import { CrossSite, Forbidden, SignInFirst, Unauthenticated } from '../http/http-errors.js';
import { provenanceOf } from '../http/same-site.js';
import { ACCESS, setIdentity } from './access.js';
import { Authenticator } from './authenticator.js';

/**
 * Stands before every handler and denies by default: a handler says `@Public()` or `@Needs(role)`, or nobody gets in.
 * Writes that a browser may have been tricked into are refused by where they came from.
 */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly isMetricsPublic: boolean,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
    if (this.isPublic(context)) {
      if (isWrite && provenanceOf(request) === 'crossSite') {
        throw new CrossSite();
      }
      return true;
    }
    const identity = await this.authenticator.identify(request.headers);
    if (!identity) {
      throw this.read<boolean>(ACCESS.page, context) && request.accepts(['json', 'html']) === 'html'
        ? new SignInFirst(request.path)
        : new Unauthenticated();
    }
    if (isWrite && identity.byCookie && provenanceOf(request) !== 'sameSite') {
      throw new CrossSite();
    }
    const needed = this.read<Role>(ACCESS.role, context);
    if (!needed || !roleAllows(identity.role, needed)) {
      throw new Forbidden(needed ? `This needs the role ${needed}; you are ${identity.role}.` : 'Nobody may do this.');
    }
    setIdentity(request, identity);
    return true;
  }

  private isPublic(context: ExecutionContext): boolean {
    const when = this.read<string>(ACCESS.public, context);
    return when === 'always' || (when === 'metrics' && this.isMetricsPublic);
  }

  private read<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}
