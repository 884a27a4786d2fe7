import { Controller, Get, Head, Header, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Request, Response } from 'express';
import { z } from 'zod';
import { Unauthenticated } from '../http/http-errors.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { Public } from './access.js';
import { SessionCookies } from './session-cookies.js';
import { SignIn } from './sign-in.js';
import { LINK_OVER_PAGE, SIGN_IN_PAGE, SIGN_IN_SCRIPT, SIGN_IN_STYLE } from './sign-in-pages.js';

const onceQuery = z.strictObject({ token: z.string().min(1).max(200) });
const signInQuery = z.strictObject({ next: z.string().max(2000).optional() });

/** Pages for people who are not signed in yet: the console's own where there is one. Not part of the API. */
@ApiExcludeController()
@Controller('auth')
@Public()
export class SignInController {
  private readonly hasConsole: boolean;

  constructor(
    @Inject(MASTER_PARTS) { options }: MasterParts,
    private readonly signIn: SignIn,
    private readonly cookies: SessionCookies,
  ) {
    this.hasConsole = options.consoleDir !== undefined;
  }

  /** Something that only looks whether a link is alive must not use it up. Stands first: a GET would answer it too. */
  @Head('once')
  peek(@Query({ schema: onceQuery }) _query: z.infer<typeof onceQuery>): void {}

  /** Uses the link up, starts a session and leads to the console; the address does not stay in the history. */
  @Get('once')
  async once(
    @Query({ schema: onceQuery }) query: z.infer<typeof onceQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    try {
      this.cookies.set(request, response, await this.signIn.byLink(query.token));
      response.redirect(303, '/');
    } catch (error) {
      if (!(error instanceof Unauthenticated)) {
        throw error;
      }
      if (this.hasConsole) {
        response.redirect(303, '/sign-in?link=over');
      } else {
        response.status(401).type('html').send(LINK_OVER_PAGE);
      }
    }
  }

  @Get('sign-in')
  page(@Query({ schema: signInQuery }) { next }: z.infer<typeof signInQuery>, @Res() response: Response): void {
    if (this.hasConsole) {
      response.redirect(303, next === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
    } else {
      response.type('html').send(SIGN_IN_PAGE);
    }
  }

  @Get('sign-in.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return SIGN_IN_SCRIPT;
  }

  @Get('sign-in.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  style(): string {
    return SIGN_IN_STYLE;
  }
}
