import type { Job, RunRequest } from '@fleetcron/sdk';
import { shallowRef } from 'vue';

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
