import type { Job, RunRequest } from '@fleetcron/sdk';
import { shallowRef } from 'vue';
import { Kept } from '@/ui/kept';
import type { PauseEnd } from './pause-until';

/** A question a dialog on the screen asks, and where its answer goes; undefined means no. */
interface Asked<Question, Answer> {
  readonly question: Question;
  readonly answer: (given: Answer | undefined) => void;
}

/** What a pause is to be. */
export interface PauseWish {
  readonly reason?: string;
  /** ISO; absent: until somebody resumes. */
  readonly until?: string;
}

/** What is paused: one job by its name, or so many. */
export interface PauseQuestion {
  readonly name?: string;
  readonly count: number;
}

/** What is typed into the dialog of a pause. */
export interface PauseForm {
  reason: string;
  end: PauseEnd;
  /** Of the viewer's clock, where the end is a time: `2026-11-21 09:00:00`. */
  time: string;
}

/** What is typed into the dialog of a run: values of parameters, and the worker; empty: any. */
export interface RunForm {
  params: Record<string, string>;
  worker: string;
}

/** By name of the job; of several jobs by their number. */
export const keptPauses = new Kept<PauseForm>();
export const keptRuns = new Kept<RunForm>();

export function pauseKey({ name, count }: PauseQuestion): string {
  return name ?? `#${count}`;
}

export const askedRun = shallowRef<Asked<Job, RunRequest>>();
export const askedPause = shallowRef<Asked<PauseQuestion, PauseWish>>();

/** Asks how a job is to be run this once. undefined: not at all. */
export function askRun(job: Job): Promise<RunRequest | undefined> {
  return asking(askedRun, job);
}

/** Asks why and how long. undefined: no pause. */
export function askPause(question: PauseQuestion): Promise<PauseWish | undefined> {
  return asking(askedPause, question);
}

function asking<Question, Answer>(
  asked: { value: Asked<Question, Answer> | undefined },
  question: Question,
): Promise<Answer | undefined> {
  asked.value?.answer(undefined);
  return new Promise((resolve) => {
    asked.value = {
      question,
      answer: (given) => {
        asked.value = undefined;
        resolve(given);
      },
    };
  });
}
