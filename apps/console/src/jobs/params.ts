import type { Job } from '@fleetcron/sdk';

type Params = Readonly<Record<string, string>>;

/** What is sent of the values typed for a job's parameters: those that differ from the job's own. */
export function changedParams({ params }: Pick<Job, 'params'>, typed: Params): { params?: Record<string, string> } {
  const changed = Object.entries(typed).filter(([name, value]) => value !== params?.[name]);
  return changed.length > 0 ? { params: Object.fromEntries(changed) } : {};
}

/** The values typed for parameters the job still has. */
export function fittedParams({ params = {} }: Pick<Job, 'params'>, typed: Params): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => Object.hasOwn(params, name)));
}
