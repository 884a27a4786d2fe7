import { FieldError, InvalidInput } from '@app/platform';
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
    const result = metadata.schema.safeParse(isBody && value === undefined ? {} : value);
    if (result.success) {
      return result.data;
    }
    const errors = fieldErrors(
      result.error.issues,
      isBody ? 'is not a known field' : 'is not a parameter of this call',
    );
    throw isBody ? new InvalidInput(errors) : new InvalidQuery(errors);
  }
}

/** zod's issues as ours: a dotted path, and one entry for each unknown key. */
function fieldErrors(issues: readonly z.core.$ZodIssue[], unknownKey: string): FieldError[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key].join('.').slice(0, 200), message: unknownKey }));
    }
    return [{ path: path.join('.'), message: issue.message }];
  });
}
