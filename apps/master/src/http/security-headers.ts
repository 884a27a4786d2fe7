import { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/**
 * The security headers of every answer. Scripts come from this origin only, never inline; nothing may frame us; no
 * address leaks to other sites. Inline styles are allowed to pages: the console's editor and Swagger UI write them.
 *
 * `isHttps` adds Strict-Transport-Security, which on plain http would lock people out of their own machine.
 */
export function securityHeaders(isHttps: boolean): (request: Request, response: Response, next: NextFunction) => void {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: isHttps ? { maxAge: 15_552_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  return (request, response, next) => {
    // What the API says is for this caller at this moment; files that may be cached say so themselves.
    response.set('Cache-Control', 'no-store');
    headers(request, response, next);
  };
}
