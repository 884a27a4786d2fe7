import { LoginThrottle } from '@app/platform';
import { BeforeApplicationShutdown, Module, OnApplicationBootstrap, Provider } from '@nestjs/common';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { AuthController } from './auth.controller.js';
import { AuthHousekeeping } from './auth-housekeeping.js';
import { AuthKeys } from './auth-keys.js';
import { Authenticator } from './authenticator.js';
import { OneTimeLinks } from './one-time-links.js';
import { SessionCookies } from './session-cookies.js';
import { SessionStore } from './session-store.js';
import { SignInController } from './sign-in.controller.js';
import { SignIn } from './sign-in.js';
import { TokenStore } from './token-store.js';
import { TokensController } from './tokens.controller.js';
import { UserStore } from './user-store.js';
import { UsersController } from './users.controller.js';

const STORES = [UserStore, TokenStore, SessionStore, OneTimeLinks].map(
  (Store): Provider => ({
    provide: Store,
    useFactory: ({ store, prefix, clock }: MasterParts) => new Store(store, new AuthKeys(prefix), clock),
    inject: [MASTER_PARTS],
  }),
);

const PROVIDERS: Provider[] = [
  ...STORES,
  {
    provide: SignIn,
    useFactory: (users: UserStore, sessions: SessionStore, links: OneTimeLinks, { clock }: MasterParts) =>
      new SignIn(users, sessions, links, new LoginThrottle(clock)),
    inject: [UserStore, SessionStore, OneTimeLinks, MASTER_PARTS],
  },
  {
    provide: Authenticator,
    useFactory: (users: UserStore, tokens: TokenStore, sessions: SessionStore, { options }: MasterParts) =>
      new Authenticator(users, tokens, sessions, options.bootstrapToken),
    inject: [UserStore, TokenStore, SessionStore, MASTER_PARTS],
  },
  {
    provide: SessionCookies,
    useFactory: ({ options }: MasterParts) => new SessionCookies(options.publicUrl?.startsWith('https:') ?? false),
    inject: [MASTER_PARTS],
  },
  {
    provide: AuthHousekeeping,
    useFactory: (users: UserStore, sessions: SessionStore, links: OneTimeLinks, parts: MasterParts) =>
      new AuthHousekeeping(users, sessions, links, parts.clock, parts.log, parts.options),
    inject: [UserStore, SessionStore, OneTimeLinks, MASTER_PARTS],
  },
];

/** Accounts, tokens, sessions, and the calls that manage them. */
@Module({
  controllers: [AuthController, SignInController, UsersController, TokensController],
  providers: PROVIDERS,
  exports: [Authenticator],
})
export class AuthModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly housekeeping: AuthHousekeeping) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.housekeeping.start();
  }

  beforeApplicationShutdown(): void {
    this.housekeeping.stop();
  }
}
