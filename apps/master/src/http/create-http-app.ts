import { resolve } from 'node:path';
import { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { ApiDocument } from '../openapi/docs.controller.js';
import { buildDocument } from '../openapi/document.js';
import { consoleFiles } from './console-files.js';
import { pathGate } from './path-gate.js';
import { requestIds } from './request-id.js';
import { requestMetrics } from './request-metrics.js';
import { securityHeaders } from './security-headers.js';
import { strictQuery } from './strict-query.js';

/**
 * Builds the Nest application for a root module that contains `MasterHttpModule`, with the conventions of our HTTP
 * surface. Not listening yet: `app.listen(port, host)` starts it.
 */
export async function createHttpApp(root: Type | DynamicModule): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(root, new ExpressAdapter(strictExpress()), {
    // Bodies are read after the guard, by BodyInterceptor.
    bodyParser: false,
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  applyConventions(app);
  return app;
}

/**
 * What must stand before all routes: one spelling per path, request ids, security headers, strict query strings. No CORS
 * headers, ever: other sites have no business here.
 */
function applyConventions(app: INestApplication): void {
  const { options, metrics } = app.get<MasterParts>(MASTER_PARTS, { strict: false });
  const server = app.getHttpAdapter().getInstance() as express.Express;
  server.set('trust proxy', options.trustedProxies);
  app.use(requestMetrics(metrics));
  app.use(requestIds);
  app.use(securityHeaders(options.publicUrl?.startsWith('https:') ?? false));
  app.use(pathGate);
  app.use(docsWithoutSlash);
  app.use(options.consoleDir === undefined ? docsInstead : consoleFiles(resolve(options.consoleDir)));
  app.use(strictQuery);
  app.get(ApiDocument, { strict: false }).document = buildDocument(app);
}

/** Many type the address of Swagger UI with a slash behind it. */
function docsWithoutSlash(request: express.Request, response: express.Response, next: express.NextFunction): void {
  if (request.path === '/api/docs/' && request.method === 'GET') {
    response.redirect(308, '/api/docs');
  } else {
    next();
  }
}

/** Without a console the API's own pages are what there is to see. */
function docsInstead(request: express.Request, response: express.Response, next: express.NextFunction): void {
  if (request.path === '/' && request.method === 'GET') {
    response.redirect(303, '/api/docs');
  } else {
    next();
  }
}

/** Set before the router exists: it takes these settings when it is made and ignores later changes. */
function strictExpress(): express.Express {
  const server = express();
  server.set('case sensitive routing', true);
  server.set('strict routing', true);
  server.set('query parser', false);
  server.set('etag', false);
  server.disable('x-powered-by');
  return server;
}
