import { BeforeApplicationShutdown, Module, Provider } from '@nestjs/common';
import { AttentionController } from './attention/attention.controller.js';
import { AuthModule } from './auth/auth.module.js';
import { Authenticator } from './auth/authenticator.js';
import { ClusterController } from './cluster/cluster.controller.js';
import { EventHub } from './events/event-hub.js';
import { EventsController } from './events/events.controller.js';
import { SseStreams } from './http/sse.js';
import { JobActionsController } from './jobs/job-actions.controller.js';
import { JobCheckController } from './jobs/job-check.controller.js';
import { JobViews } from './jobs/job-views.js';
import { JobsController } from './jobs/jobs.controller.js';
import { JobLedgerController } from './ledger/job-ledger.controller.js';
import { JobLedger } from './ledger/job-ledger.js';
import { MASTER_PARTS, MasterParts } from './master-parts.js';
import { ApiDocument, DocsController } from './openapi/docs.controller.js';
import { PlanController } from './plan/plan.controller.js';
import { HISTORY, JOB_CONTROL } from './ports/tokens.js';
import { OutputController } from './runs/output.controller.js';
import { OutputTail } from './runs/output-tail.js';
import { RunList } from './runs/run-list.js';
import { RunsController } from './runs/runs.controller.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { StatsController } from './stats/stats.controller.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TransferController } from './transfer/transfer.controller.js';
import { WorkersController } from './workers/workers.controller.js';

/** Ports that controllers ask for by themselves, and what is built on the parts. */
const PROVIDERS: Provider[] = [
  { provide: JOB_CONTROL, useFactory: ({ jobs }: MasterParts) => jobs, inject: [MASTER_PARTS] },
  { provide: HISTORY, useFactory: ({ history }: MasterParts) => history, inject: [MASTER_PARTS] },
  {
    provide: JobViews,
    useFactory: ({ history, liveRuns, clock }: MasterParts) => new JobViews(history, liveRuns, clock),
    inject: [MASTER_PARTS],
  },
  {
    provide: RunList,
    useFactory: ({ history, liveRuns }: MasterParts) => new RunList(history, liveRuns),
    inject: [MASTER_PARTS],
  },
  {
    provide: OutputTail,
    useFactory: ({ history, clock }: MasterParts, runs: RunList) => new OutputTail(history, runs, clock),
    inject: [MASTER_PARTS, RunList],
  },
  {
    provide: JobLedger,
    useFactory: ({ jobs, history, liveRuns, clock }: MasterParts) => new JobLedger(jobs, history, liveRuns, clock),
    inject: [MASTER_PARTS],
  },
  {
    provide: EventHub,
    useFactory: ({ store, prefix, clock, log }: MasterParts) => new EventHub(store, prefix, clock, log),
    inject: [MASTER_PARTS],
  },
  {
    provide: SseStreams,
    useFactory: (authenticator: Authenticator, { clock }: MasterParts) => new SseStreams(authenticator, clock),
    inject: [Authenticator, MASTER_PARTS],
  },
  ApiDocument,
];

/** The calls under `/api`. The order of the controllers decides which path wins: words before names. */
@Module({
  imports: [AuthModule],
  controllers: [
    TransferController,
    JobCheckController,
    JobsController,
    JobActionsController,
    JobLedgerController,
    StatsController,
    SchedulesController,
    RunsController,
    AttentionController,
    OutputController,
    PlanController,
    TimelineController,
    WorkersController,
    ClusterController,
    EventsController,
    DocsController,
  ],
  providers: PROVIDERS,
})
export class ApiModule implements BeforeApplicationShutdown {
  constructor(private readonly events: EventHub) {}

  beforeApplicationShutdown(): void {
    this.events.stop();
  }
}
