import { Request, Response } from 'express';
import { sessionCookie } from '../http/cookies.js';
import { SESSION_COOKIE } from './authenticator.js';
import { SESSION_SECONDS } from './session-store.js';

/** Sets and removes the session cookie: `Secure` wherever the person sees https. */
export class SessionCookies {
  /** `isHttps`: the public address is https although we are spoken to in plain http, behind a proxy. */
  constructor(private readonly isHttps: boolean) {}

  set(request: Request, response: Response, session: string): void {
    response.append(
      'Set-Cookie',
      sessionCookie(SESSION_COOKIE, session, SESSION_SECONDS, this.isHttps || request.secure),
    );
  }

  clear(request: Request, response: Response): void {
    response.append('Set-Cookie', sessionCookie(SESSION_COOKIE, '', 0, this.isHttps || request.secure));
  }
}
