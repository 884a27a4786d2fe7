import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Request, Response } from 'express';
import { z } from 'zod';
import { oneOrMore, text } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { Anytime } from '../http/listed.guard.js';
import { lastEventId, SseStream, SseStreams } from '../http/sse.js';
import { ChangeEvent } from './change-event.js';
import { EventHub, Revision } from './event-hub.js';

const eventsQuery = z.strictObject({
  kinds: oneOrMore(['job', 'run', 'worker'], 'Only changes of these.').optional(),
  job: text('Only changes of this job and its runs.', 'nightly-report', 128).optional(),
});

@ApiTags('Events')
@Controller('api/v1/events')
@Anytime()
export class EventsController {
  constructor(
    private readonly hub: EventHub,
    private readonly streams: SseStreams,
  ) {}

  @Get()
  @Needs('viewer')
  @ApiHeader({ name: 'Last-Event-ID', description: 'The id to go on after; browsers send it.', required: false })
  @Operation({
    id: 'followEvents',
    summary: 'What changes, as it changes',
    description:
      'Server-sent events `job`, `run` and `worker`. The id is the revision of the store, the same on every master. ' +
      '`ready` comes first; `reset` says that changes were lost: read again what you show. An event may come twice.',
    produces: 'text/event-stream',
  })
  follow(
    @Query({ schema: eventsQuery }) query: z.infer<typeof eventsQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): void {
    const after = lastEventId(request);
    const stream = this.streams.open(request, response);
    const isWanted = (change: ChangeEvent): boolean => wants(query, change);
    const listener = {
      ready: (revision: number) =>
        void stream.send({ event: 'ready', id: String(after ?? revision), data: { revision } }),
      changed: (revision: Revision) => sendRevision(stream, revision, isWanted),
      reset: (revision: number) => void stream.send({ event: 'reset', id: String(revision), data: { revision } }),
    };
    const leave = this.hub.subscribe(listener, after);
    stream.closed.addEventListener('abort', leave, { once: true });
    if (stream.closed.aborted) {
      leave();
    }
  }
}

/** Only the last event of a revision carries its id: who is cut off in the middle gets the whole revision again. */
function sendRevision(
  stream: SseStream,
  { revision, changes }: Revision,
  isWanted: (change: ChangeEvent) => boolean,
): void {
  const wanted = changes.filter(isWanted);
  for (const [index, { kind, ...data }] of wanted.entries()) {
    const isLast = index === wanted.length - 1;
    stream.send({ event: kind, ...(isLast && { id: String(revision) }), data: { ...data, revision } });
  }
}

function wants(query: z.infer<typeof eventsQuery>, change: ChangeEvent): boolean {
  if (query.kinds && !query.kinds.includes(change.kind)) {
    return false;
  }
  if (query.job === undefined) {
    return true;
  }
  return (
    (change.kind === 'job' && change.name === query.job) || (change.kind === 'run' && change.jobName === query.job)
  );
}
