import { shallowRef } from 'vue';

/** What is asked before something that cannot be taken back. */
export interface Question {
  /** Names the effect: "Kill 1 running run of nightly-clearing on worker-2?" */
  readonly title: string;
  /** More about it, a sentence or two. */
  readonly text?: string;
  /** The word on the button: the deed itself, never "OK". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Asks for a reason for the record as well. */
  readonly asksReason?: boolean;
}

/** The person said yes. */
export interface Consent {
  /** Empty where none was given. */
  readonly reason: string;
}

interface Asked {
  readonly question: Question;
  readonly answer: (consent: Consent | undefined) => void;
}

/** The question on the screen; the frame shows it in a dialog. */
export const asked = shallowRef<Asked>();

/** Asks and waits. undefined: no. */
export function confirm(question: Question): Promise<Consent | undefined> {
  asked.value?.answer(undefined);
  return new Promise((resolve) => {
    asked.value = {
      question,
      answer: (consent) => {
        asked.value = undefined;
        resolve(consent);
      },
    };
  });
}
