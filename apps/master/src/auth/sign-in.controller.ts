import { Controller, Get, Head, Header, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Request, Response } from 'express';
import { z } from 'zod';
import { Unauthenticated } from '../http/http-errors.js';
import { Public } from './access.js';
import { SessionCookies } from './session-cookies.js';
import { SignIn } from './sign-in.js';
import { LINK_OVER_PAGE, SIGN_IN_PAGE, SIGN_IN_SCRIPT, SIGN_IN_STYLE } from './sign-in-pages.js';

const onceQuery = z.strictObject({ token: z.string().min(1).max(200) });
const signInQuery = z.strictObject({ next: z.string().max(2000).optional() });

/** Pages for people who are not signed in yet. Not part of the API. */
@ApiExcludeController()
@Controller('auth')
@Public()
export class SignInController {
  constructor(
    private readonly signIn: SignIn,
    private readonly cookies: SessionCookies,
  ) {}

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
      response.status(401).type('html').send(LINK_OVER_PAGE);
    }
  }

  @Get('sign-in')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Query({ schema: signInQuery }) _query: z.infer<typeof signInQuery>): string {
    return SIGN_IN_PAGE;
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
