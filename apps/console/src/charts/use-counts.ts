import { useI18n } from 'vue-i18n';
import { type FireStatus, RUN_STATUSES } from '@/format/status';
import { useFormat } from '@/format/use-format';
import './words';

/** What a fire may be beside the outcome of its run. */
const STATUSES: readonly FireStatus[] = [...RUN_STATUSES, 'due', 'planned', 'paused', 'unrecorded'];

/** Says counts by outcome in words, worst first: "1 failed, 5 succeeded". */
export function useCounts() {
  const { t } = useI18n();
  const format = useFormat();
  return (counts: Readonly<Record<string, number>>): string => {
    const said = STATUSES.filter((status) => counts[status]).map((status) =>
      t('chart.outcome', { count: format.count(counts[status] ?? 0), status: t(`status.${status}`) }),
    );
    return said.length === 0 ? t('chart.nothing') : said.join(format.language.value === 'zh' ? '，' : ', ');
  };
}
