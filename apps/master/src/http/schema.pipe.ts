import { fieldErrors, InvalidInput } from '@app/platform';
import { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { InvalidQuery } from './http-errors.js';

/**
 * Parses what a handler declared with `@Body({ schema })`, `@Query({ schema })` or `@Param({ schema })`. Throws
 * InvalidInput (body) or InvalidQuery (address) with every field that is wrong.
 */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (!(metadata.schema instanceof z.ZodType)) {
      return value;
    }
    const isBody = metadata.type === 'body';
    const result = metadata.schema.safeParse(isBody && value === undefined ? {} : value, { reportInput: true });
    if (result.success) {
      return result.data;
    }
    const unknownKey = isBody ? 'is not a known field' : 'is not a parameter of this call';
    const errors = fieldErrors(result.error.issues, () => unknownKey);
    throw isBody ? new InvalidInput(errors) : new InvalidQuery(errors);
  }
}
