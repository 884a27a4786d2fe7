import { describeSchedule, Job } from '@app/jobs';

/** A schedule in plain words, in the languages of the console. */
export interface ScheduleText {
  readonly en: string;
  readonly zh: string;
}

const texts = new WeakMap<Job, ScheduleText>();

/** The job's schedule in words; undefined where it has none. Asking again for the same job is cheap. */
export function scheduleText(job: Job): ScheduleText | undefined {
  const { cronExpr, timezone, name } = job;
  if (cronExpr === undefined) {
    return undefined;
  }
  const known = texts.get(job);
  if (known) {
    return known;
  }
  const text = {
    en: describeSchedule(cronExpr, timezone, 'en', name),
    zh: describeSchedule(cronExpr, timezone, 'zh', name),
  };
  texts.set(job, text);
  return text;
}
