import { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';
import { schemaName } from './schema-name.js';

/**
 * A body that the API document describes by a named schema, but that is checked elsewhere: JobControl says better what
 * is wrong with a job than a schema could.
 */
export function documentedBody(schema: z.ZodType, description = 'The job.'): ApiBodyOptions {
  return { description, required: true, schema: { $ref: `#/components/schemas/${schemaName(schema)}` } };
}
