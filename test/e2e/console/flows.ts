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
import { Kind, Stage } from './stage.js';
import { workersFlows } from './workers.flows.js';

/**
 * Everything a person does in the console, page by page. What asks a server for no more than other flows do, and the
 * looks of all, are tried on standalone alone.
 */
export function flows(stage: () => Stage, kind: Kind): void {
  const isStandalone = kind === 'standalone';
  describe('sign-in', () => signInFlows(stage, kind));
  if (isStandalone) describe('frame', () => frameFlows(stage));
  describe('jobs', () => jobsFlows(stage, kind));
  if (isStandalone) describe('editor', () => editorFlows(stage));
  describe('job', () => jobFlows(stage, kind));
  describe('runs', () => runsFlows(stage));
  describe('run', () => runFlows(stage));
  describe('overview', () => overviewFlows(stage, kind));
  if (isStandalone) describe('plan', () => planFlows(stage));
  describe('cluster', () => clusterFlows(stage, kind));
  describe('workers', () => workersFlows(stage, kind));
}
