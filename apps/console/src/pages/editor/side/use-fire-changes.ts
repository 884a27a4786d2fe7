import { computed } from 'vue';
import { type Comparison, compareFires, type FireRow } from '@/schedule/compare-fires';
import { useEditor } from '../state/editor';
import { useParts } from '../state/parts';
import { clockOf } from './fire-rows';

/** The next fires of the schedule in the form, against those of the saved one; at most `most`. */
export function useFireChanges(most: number) {
  const editor = useEditor();
  const { preview } = useParts();
  const isNew = computed(() => editor.saved.value === undefined);
  const rows = computed<FireRow[]>(() => {
    const { maxRuns } = editor.document.value;
    const left = typeof maxRuns === 'number' && maxRuns > 0 ? Math.max(0, maxRuns - editor.runCount) : most;
    const how: Comparison = {
      limit: Math.min(most, left),
      savedClock: clockOf(editor.savedClock.value),
      nextClock: clockOf(editor.clock.value),
    };
    return compareFires(isNew.value ? preview.fires.value : preview.savedFires.value, preview.fires.value, how);
  });
  return {
    rows,
    isChanged: computed(() => !isNew.value && rows.value.some(({ isKept, gone }) => !isKept || gone.length > 0)),
  };
}
