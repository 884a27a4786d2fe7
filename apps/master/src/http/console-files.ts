import { join } from 'node:path';
import compression from 'compression';
import express, { NextFunction, Request, Response } from 'express';

/** Paths that belong to the program, not to the console. */
const OURS = /^\/(api|auth|livez|readyz|metrics)(\/|$)/;

/**
 * Serves the built console from a folder. It holds no secret, so anybody may load it; what it shows comes from the API.
 * Addresses inside the console are no files: they get its page, and the console finds its way; a job's name may end
 * like a file's. Files under `assets/` have a digest in their names and are kept for a year; the page itself is asked
 * for anew each time. All of it goes out compressed; answers of the API do not come this way.
 */
export function consoleFiles(folder: string): (request: Request, response: Response, next: NextFunction) => void {
  const files = express.static(folder, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      const isDigested = path.startsWith(join(folder, 'assets'));
      response.set('Cache-Control', isDigested ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const compressed = compression();
  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || OURS.test(request.path)) {
      next();
      return;
    }
    compressed(request, response, () => {
      files(request, response, (error?: unknown) => {
        const isPage = !request.path.startsWith('/assets/') && request.accepts(['json', 'html']) === 'html';
        if (error || !isPage) {
          next(error);
          return;
        }
        // By its root: a folder above it may well begin with a dot.
        const options = { root: folder, cacheControl: false };
        response.set('Cache-Control', 'no-cache').sendFile('index.html', options, next);
      });
    });
  };
}
