import type { Run } from '@fleetcron/sdk';
import { useI18n } from 'vue-i18n';
import { useFormat } from '@/format/use-format';
import { headingOf } from './heading';
import './words';

/** Says how a run stands, as a sentence: `Failed with exit code 2 after 3 min 12 s`. */
export function useHeading(): (run: Run, now: number) => string {
  const { t } = useI18n();
  const format = useFormat();
  return (run, now) => {
    const { key, ms, code, signal, count } = headingOf(run, now);
    // A duration that still grows is said in whole seconds.
    const shown = ms !== undefined && run.status === 'running' ? Math.floor(ms / 1000) * 1000 : ms;
    const time = shown === undefined ? '' : format.duration(shown);
    return t(`run.head.${key}`, { time, code: code ?? '', signal: signal ?? '', n: format.count(count) }, count);
  };
}
