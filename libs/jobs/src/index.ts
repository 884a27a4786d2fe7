export * from './control/job-control.js';
export * from './job/job.js';
export * from './run/run.js';
export * from './running/run-host.js';
export * from './running/run-recorder.js';
export * from './schedule/compile.js';
export * from './schedule/schedule.js';
