import { Module, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { AccessGuard } from '../auth/access.guard.js';
import { AuthModule } from '../auth/auth.module.js';
import { Authenticator } from '../auth/authenticator.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { BodyInterceptor } from './body.interceptor.js';
import { ListedGuard } from './listed.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { SchemaPipe } from './schema.pipe.js';
import { NoStrayQuery } from './strict-query.js';

const PROVIDERS: Provider[] = [
  {
    provide: APP_GUARD,
    useFactory: (reflector: Reflector, authenticator: Authenticator, { options }: MasterParts) =>
      new AccessGuard(reflector, authenticator, options.isMetricsPublic),
    inject: [Reflector, Authenticator, MASTER_PARTS],
  },
  {
    provide: APP_GUARD,
    useFactory: (reflector: Reflector, { clock, listed }: MasterParts) => new ListedGuard(reflector, clock, listed),
    inject: [Reflector, MASTER_PARTS],
  },
  { provide: APP_FILTER, useFactory: ({ log }: MasterParts) => new ProblemFilter(log), inject: [MASTER_PARTS] },
  {
    provide: APP_INTERCEPTOR,
    useFactory: (reflector: Reflector) => new BodyInterceptor(reflector),
    inject: [Reflector],
  },
  { provide: APP_INTERCEPTOR, useClass: NoStrayQuery },
  { provide: APP_PIPE, useClass: SchemaPipe },
];

/** The conventions every call shares: guard, errors, bodies, parameters. */
@Module({ imports: [AuthModule], providers: PROVIDERS })
export class HttpModule {}
