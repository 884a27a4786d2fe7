import { OutputStream, Run } from '@app/jobs';
import { HistoryStore, OutputChunk } from '@app/logs';
import { NotFound } from '@app/platform';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Request, Response } from 'express';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { runIdParam } from '../api/path-params.js';
import { Needs } from '../auth/access.js';
import { drained } from '../http/drained.js';
import { lastEventId, SseStreams } from '../http/sse.js';
import { HISTORY } from '../ports/tokens.js';
import { followQuery, outputDto, outputQuery } from './output.dto.js';
import { streamBefore } from './output-before.js';
import { isEndRecorded, OutputTail } from './output-tail.js';
import { cutMark, fromOffset, OutputText } from './output-text.js';
import { RunList } from './run-list.js';

const NO_RUN = { 404: 'There is no such run.' };
const CHUNKS_PER_READ = 100;

@ApiTags('Runs')
@Controller('api/v1/runs/:id/output')
@Needs('viewer')
export class OutputController {
  constructor(
    @Inject(HISTORY) private readonly history: HistoryStore,
    private readonly runs: RunList,
    private readonly tail: OutputTail,
    private readonly streams: SseStreams,
  ) {}

  @Get()
  @Operation({ id: 'getRunOutput', summary: 'What a run wrote', answer: outputDto, errors: NO_RUN })
  async read(
    @Param('id', { schema: runIdParam }) id: string,
    @Query({ schema: outputQuery }) query: z.infer<typeof outputQuery>,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.mustFind(id);
    if (query.format === 'raw') {
      await this.save(run, query, response);
      return;
    }
    const { stream, fromSeq, limit, offset } = query;
    // Asked before the output is read.
    const isRecorded = await isEndRecorded(this.history, id);
    const chunks = await this.history.findOutput(id, { stream, fromSeq, limit });
    const text = await this.textFrom(id, query);
    const pieces = chunks.flatMap((chunk) => fromOffset(chunk, offset) ?? []).map((chunk) => text.piece(chunk));
    const nextSeq = (chunks.at(-1)?.seq ?? fromSeq - 1) + 1;
    const rest = isRecorded ? await this.history.findOutput(id, { stream, fromSeq: nextSeq, limit: 1 }) : [];
    response.json({ items: pieces, nextSeq, isComplete: isRecorded && rest.length === 0 });
  }

  @Get('stream')
  @Operation({
    id: 'followRunOutput',
    summary: 'What a run writes, as it writes it',
    description:
      'Server-sent events: `output` with an OutputPiece (its id is `seq`, so that it resumes after Last-Event-ID), ' +
      '`status` when it changes, `end` with the Run when it has ended and everything was sent. Last-Event-ID wins ' +
      'over `fromSeq`.',
    produces: 'text/event-stream',
    errors: NO_RUN,
  })
  async follow(
    @Param('id', { schema: runIdParam }) id: string,
    @Query({ schema: followQuery }) query: z.infer<typeof followQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.mustFind(id);
    const last = lastEventId(request);
    const fromSeq = last === undefined ? query.fromSeq : last + 1;
    await this.tail.follow(run, this.streams.open(request, response), fromSeq);
  }

  /** All of it as bytes, page by page, never faster than the reader. */
  private async save(run: Run, query: z.infer<typeof outputQuery>, response: Response): Promise<void> {
    const file = `${run.id.replace(/[^\w.-]/g, '_')}.log`;
    response
      .set('Content-Type', 'text/plain; charset=utf-8')
      .set('Content-Disposition', `attachment; filename="${file}"`);
    try {
      await this.write(run, query, response);
    } catch (error) {
      // Whoever reads must not take what it has for the whole.
      if (response.headersSent) response.destroy();
      throw error;
    }
  }

  private async write(run: Run, query: z.infer<typeof outputQuery>, response: Response): Promise<void> {
    let { fromSeq } = query;
    let chunks: readonly OutputChunk[];
    do {
      chunks = await this.history.findOutput(run.id, { stream: query.stream, fromSeq, limit: CHUNKS_PER_READ });
      for (const chunk of chunks.flatMap((each) => fromOffset(each, query.offset) ?? [])) {
        const bytes =
          chunk.cutBefore > 0 ? Buffer.concat([Buffer.from(cutMark(chunk.cutBefore)), chunk.data]) : chunk.data;
        response.write(bytes);
        await drained(response);
      }
      fromSeq = (chunks.at(-1)?.seq ?? fromSeq) + 1;
    } while (chunks.length > 0 && !response.closed);
    response.end();
  }

  /** Text that goes on where a page before this one ended; what stands before `offset` is none of it. */
  private async textFrom(id: string, { stream, fromSeq, offset }: z.infer<typeof outputQuery>): Promise<OutputText> {
    const text = new OutputText();
    const streams: readonly OutputStream[] = stream ? [stream] : ['stdout', 'stderr'];
    for (const each of fromSeq > 0 ? streams : []) {
      const { length, bytes } = await streamBefore(this.history, id, each, fromSeq);
      text.goOnAfter(each, bytes.subarray(Math.max(0, bytes.length - Math.max(0, length - offset))));
    }
    return text;
  }

  private async mustFind(id: string): Promise<Run> {
    const run = await this.runs.find(id);
    if (!run) {
      throw new NotFound('run', id);
    }
    return run;
  }
}
