import { parseJobDocument } from '@app/jobs';
import { InvalidInput } from '@app/platform';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { documentedBody } from '../api/documented-body.js';
import { fieldFaultDto, toFieldFault } from '../api/field-fault.dto.js';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { jobDocumentDto } from './job.dto.js';
import { writtenPart } from './written-part.js';

const jobCheckDto = z
  .object({
    errors: z.array(fieldFaultDto).meta({ description: 'Every field that is wrong; empty: it would be taken.' }),
    document: jobDocumentDto.optional(),
  })
  .meta({ id: 'JobCheck', description: 'What saving a document would say; `document` is what would be kept.' });

/** Looks at a document before somebody saves it. Stands before the calls on one job: `validate` is no name here. */
@ApiTags('Jobs')
@Controller('api/v1/jobs')
export class JobCheckController {
  @Post('validate')
  @Needs('viewer')
  @ApiBody(documentedBody(jobDocumentDto))
  @Operation({
    id: 'validateJob',
    summary: 'Check a document as saving it would, without saving',
    description: 'A document that breaks rules is an answer, not an error. Nothing is written.',
    answer: jobCheckDto,
    errors: { 422: 'The body is no JSON object.' },
  })
  validate(@Body() body: unknown): z.infer<typeof jobCheckDto> {
    const written = writtenPart(body);
    try {
      const { document } = parseJobDocument(written);
      return { errors: [], document: document as z.infer<typeof jobDocumentDto> };
    } catch (error) {
      if (error instanceof InvalidInput) {
        return { errors: error.errors.map(toFieldFault) };
      }
      throw error;
    }
  }
}
