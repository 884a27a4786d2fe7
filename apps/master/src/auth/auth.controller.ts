import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Request, Response } from 'express';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { Forbidden } from '../http/http-errors.js';
import { Anytime } from '../http/listed.guard.js';
import { Caller, Needs, Public } from './access.js';
import { loginBody, meDto, passwordChangeBody } from './auth.dto.js';
import { sessionOf } from './authenticator.js';
import { Identity } from './identity.js';
import { SessionCookies } from './session-cookies.js';
import { SignIn } from './sign-in.js';

@ApiTags('Access')
@Controller('api/v1/auth')
@Anytime()
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly cookies: SessionCookies,
  ) {}

  @Post('login')
  @Public()
  @Operation({
    id: 'login',
    summary: 'Sign in with user name and password',
    description:
      'Sets the session cookie. Guessing is slowed: 429 with Retry-After, and the right password works after it.',
    answer: meDto,
    errors: { 401: 'User name or password is wrong.', 422: 'The body breaks a rule.', 429: 'Too many attempts.' },
  })
  async login(
    @Body({ schema: loginBody }) body: z.infer<typeof loginBody>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof meDto>> {
    const { session, user } = await this.signIn.byPassword(body.username, body.password, request.ip ?? '');
    this.cookies.set(request, response, session);
    return { kind: 'user', name: user.name, role: user.role };
  }

  @Post('logout')
  @Public()
  @Operation({
    id: 'logout',
    summary: 'End the session',
    description: 'Safe to repeat, also without a session.',
    status: 204,
  })
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const session = sessionOf(request.headers);
    this.cookies.clear(request, response);
    if (session !== undefined) {
      await this.signIn.out(session);
    }
  }

  @Get('me')
  @Needs('viewer')
  @Operation({ id: 'getMe', summary: 'Who am I', answer: meDto })
  me(@Caller() caller: Identity): z.infer<typeof meDto> {
    return { kind: caller.kind, name: caller.name, role: caller.role };
  }

  @Post('password')
  @Needs('viewer')
  @Operation({
    id: 'changePassword',
    summary: 'Change my password',
    description: 'Ends all other sessions of the user.',
    status: 204,
    errors: { 401: 'The current password is wrong.', 422: 'The new one will not do.', 429: 'Too many attempts.' },
  })
  async changePassword(
    @Caller() caller: Identity,
    @Body({ schema: passwordChangeBody }) body: z.infer<typeof passwordChangeBody>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    if (caller.kind !== 'user') {
      throw new Forbidden('Only a user who signed in has a password.');
    }
    const { currentPassword, newPassword } = body;
    const session = await this.signIn.changePassword(caller.name, currentPassword, newPassword, request.ip ?? '');
    this.cookies.set(request, response, session);
  }
}
