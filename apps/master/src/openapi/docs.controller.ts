import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NotFound } from '@app/platform';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeController, OpenAPIObject } from '@nestjs/swagger';
import { Response } from 'express';
import { Needs, Page } from '../auth/access.js';
import { Anytime } from '../http/listed.guard.js';
import { SWAGGER_PAGE, SWAGGER_SCRIPT } from './swagger-page.js';

/** Holds the API document, which can only be made once all controllers are there. */
export class ApiDocument {
  document: OpenAPIObject | undefined;
}

const ASSETS: readonly string[] = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-32x32.png',
];

/**
 * The API document and Swagger UI, for whoever is signed in; a browser that is not is led to the sign-in page. All files
 * come from here, none from another site.
 */
@ApiExcludeController()
@Controller('api')
@Anytime()
@Needs('viewer')
export class DocsController {
  constructor(private readonly api: ApiDocument) {}

  @Get('openapi.json')
  openapi(): OpenAPIObject {
    if (!this.api.document) {
      throw new NotFound('document', 'openapi.json');
    }
    return this.api.document;
  }

  @Get('docs')
  @Page()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return SWAGGER_PAGE;
  }

  @Get('docs/start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  script(): string {
    return SWAGGER_SCRIPT;
  }

  @Get('docs/:file')
  asset(@Param('file') file: string, @Res() response: Response): void {
    if (!ASSETS.includes(file)) {
      throw new NotFound('file', file);
    }
    response
      .set('Cache-Control', 'private, max-age=3600')
      .sendFile(join(swaggerFolder(), file), { cacheControl: false });
  }
}

/** Where the files of Swagger UI are installed; they come with `@nestjs/swagger`. */
function swaggerFolder(): string {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(ours.resolve('@nestjs/swagger'));
  return dirname(theirs.resolve('swagger-ui-dist/package.json'));
}
