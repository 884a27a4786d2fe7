import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { onBeforeRouteLeave } from 'vue-router';
import { confirm } from '@/ui/confirm';

/** Asks before somebody leaves with unsaved changes. Gives a way to leave without the question: what was saved is done. */
export function useLeaving(isDirty: Ref<boolean>): { leaveFreely(): void } {
  const { t } = useI18n();
  let isFree = false;
  onBeforeRouteLeave(async () => {
    if (isFree || !isDirty.value) return true;
    const consent = await confirm({
      title: t('editor.leaveTitle'),
      text: t('editor.leaveText'),
      action: t('editor.leave'),
    });
    return consent !== undefined;
  });
  return {
    leaveFreely: () => {
      isFree = true;
    },
  };
}
