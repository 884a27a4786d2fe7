import { useI18n } from 'vue-i18n';
import { useCounts } from '@/charts/use-counts';
import { formatTime } from '@/format/instant';
import { useFormat } from '@/format/use-format';
import type { Spot } from './spots';
import './words';

/** Says a spot in words: "01:00:00 failed"; of an hour its counts. */
export function useSpotWords() {
  const { t } = useI18n();
  const format = useFormat();
  const sayCounts = useCounts();
  return (spot: Spot): string => {
    if (spot.kind === 'mark') {
      const at = `${format.date(spot.at)} ${format.time(spot.at)}`;
      const { status, count } = spot.mark;
      const said = t('timeline.spot', { at, status: t(`status.${status}`) });
      return count !== undefined && count > 1 ? `${said} (${t('timeline.stretch', { n: format.count(count) })})` : said;
    }
    const { counts, planned } = spot;
    const parts = [
      Object.keys(counts).length > 0 ? sayCounts(counts) : undefined,
      planned > 0 ? t('timeline.toCome', { n: format.count(planned) }) : undefined,
    ];
    const said = parts.filter(Boolean).join(format.language.value === 'zh' ? '，' : ', ');
    // To the minute: one end may be the present, and would be said anew each second.
    const [at, until] = [spot.at, spot.untilAt].map((end) => formatTime(end, format.zone.value, { seconds: false }));
    return t('timeline.hour', { at: `${format.date(spot.at)} ${at}`, until, counts: said });
  };
}
