import { describe } from 'vitest';
import { clusterFlows } from './cluster.flows.js';
import { editorFlows } from './editor.flows.js';
import { frameFlows } from './frame.flows.js';
import { jobFlows } from './job.flows.js';
import { jobsFlows } from './jobs.flows.js';
import { overviewFlows } from './overview.flows.js';
import { planFlows } from './plan.flows.js';
import { runFlows } from './run.flows.js';
import { runsFlows } from './runs.flows.js';
import { signInFlows } from './sign-in.flows.js';
import { Stage } from './stage.js';
import { workersFlows } from './workers.flows.js';

/** Everything a person does in the console, page by page; the same on every deployment. */
export function flows(stage: () => Stage, kind: 'standalone' | 'cluster'): void {
  describe('sign-in', () => signInFlows(stage, kind));
  describe('frame', () => frameFlows(stage));
  describe('jobs', () => jobsFlows(stage));
  describe('editor', () => editorFlows(stage));
  describe('job', () => jobFlows(stage));
  describe('runs', () => runsFlows(stage));
  describe('run', () => runFlows(stage));
  describe('overview', () => overviewFlows(stage));
  describe('plan', () => planFlows(stage));
  describe('cluster', () => clusterFlows(stage));
  describe('workers', () => workersFlows(stage, kind));
}
