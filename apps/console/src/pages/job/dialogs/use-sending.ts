import { ref } from 'vue';
import { problemOf } from '@/api/problem';
import { notifyDone } from '@/ui/notify';

/** Sends what a dialog asks for, tells what came of it and closes; what went wrong stays in the open dialog. */
export function useSending(done: () => void) {
  const isOpen = ref(true);
  const isBusy = ref(false);
  const failure = ref<unknown>();

  return {
    isOpen,
    isBusy,
    failure,
    /** `send` resolves with the sentence that says what was done. One at a time: a second call does nothing. */
    async send(send: () => Promise<string>): Promise<void> {
      if (isBusy.value) return;
      isBusy.value = true;
      failure.value = undefined;
      try {
        notifyDone(await send());
        isOpen.value = false;
        done();
      } catch (error) {
        failure.value = problemOf(error);
      } finally {
        isBusy.value = false;
      }
    },
  };
}
