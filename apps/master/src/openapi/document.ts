import { INestApplication } from '@nestjs/common';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { jobDocumentDto } from '../jobs/job.dto.js';
import { componentsOf, convertSchema } from './convert-schema.js';

/** Version of the HTTP surface, not of the program. */
const API_VERSION = '1.0.0';

const DESCRIPTION = `Cron for a fleet of machines.

Lists take \`limit\` and \`cursor\` and answer \`{items, nextCursor?, total?}\`. Errors are RFC 9457 problems with a stable
\`code\`. Edits of a job carry \`If-Match\` with the ETag it was read with. Sign in with \`POST /api/v1/auth/login\`, or send
a token as \`Authorization: Bearer ...\`.`;

/**
 * The API document (OpenAPI 3.0.3) of an application that contains the controllers. Deterministic: the same code gives
 * the same bytes.
 */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('fleetcron')
    .setDescription(DESCRIPTION)
    .setVersion(API_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token.' }, 'token')
    .addCookieAuth('fleetcron_session', { type: 'apiKey', in: 'cookie', description: 'A browser session.' }, 'session')
    .addSecurityRequirements('token')
    .addSecurityRequirements('session');
  for (const [name, description] of Object.entries(TAGS)) {
    config.addTag(name, description);
  }
  const document = SwaggerModule.createDocument(app, config.build(), {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? convertSchema(schema, schemaType) : undefined,
  });
  dropGuessedResponses(document);
  const schemas = { ...document.components?.schemas, ...componentsOf(jobDocumentDto) };
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1)));
  return { ...document, components: { ...document.components, schemas: sorted as typeof schemas } };
}

/**
 * Takes out answers nobody described: the build's Swagger plugin guesses a status for each method, and the document must
 * be the same however the program was compiled.
 */
function dropGuessedResponses({ paths }: OpenAPIObject): void {
  for (const { responses } of Object.values(paths).flatMap((path) =>
    Object.values(path as Record<string, Operation>),
  )) {
    for (const [status, response] of Object.entries(responses)) {
      if (response.description === '') {
        delete responses[status];
      }
    }
  }
}

interface Operation {
  readonly responses: Record<string, { readonly description: string }>;
}

const TAGS: Readonly<Record<string, string>> = {
  Jobs: 'Definitions: make, edit, pause, run, move.',
  Schedules: 'Schedules before they are saved.',
  Runs: 'What ran, and what it wrote.',
  Ledger: 'Every scheduled time, to come and gone, and why.',
  Statistics: 'What a stretch of time came to.',
  Workers: 'The processes that run.',
  Cluster: 'The health of the whole.',
  Events: 'What changes, as it changes.',
  Access: 'Users, tokens and sessions.',
};
