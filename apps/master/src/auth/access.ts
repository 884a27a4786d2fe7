import { Role } from '@app/platform';
import { createParamDecorator, ExecutionContext, SetMetadata } from '@nestjs/common';
import { Request } from 'express';
import { Unauthenticated } from '../http/http-errors.js';
import { Identity } from './identity.js';

/** Metadata keys the guard reads. */
export const ACCESS = { public: 'fleetcron:public', role: 'fleetcron:role', page: 'fleetcron:page' } as const;

/** Open to everybody, always or (`metrics`) where the operator said so. Without it, and without a role, nobody gets in. */
export const Public = (when: 'always' | 'metrics' = 'always'): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS.public, when);

/** The role a caller must hold at least. */
export const Needs = (role: Role): MethodDecorator & ClassDecorator => SetMetadata(ACCESS.role, role);

/** A page for people: a browser without a session is led to the sign-in page instead of being told 401. */
export const Page = (): MethodDecorator => SetMetadata(ACCESS.page, true);

const identities = new WeakMap<object, Identity>();

/** Remembers who sent the request. For the guard. */
export function setIdentity(request: Request, identity: Identity): void {
  identities.set(request, identity);
}

/** Who sent the request; throws Unauthenticated where the guard let an anonymous one through. */
function identityOf(request: Request): Identity {
  const identity = identities.get(request);
  if (!identity) {
    throw new Unauthenticated();
  }
  return identity;
}

/** Hands a handler the Identity of its caller. */
export const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Identity => identityOf(context.switchToHttp().getRequest<Request>()),
);
