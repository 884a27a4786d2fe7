import { ElButton, ElMessage } from 'element-plus';
import { h } from 'vue';
import { problemOf, sentenceKeyOf } from '@/api/problem';
import { i18n } from '@/i18n';
import { said } from '@/i18n/said';

const t = i18n.global.t;

/** What may follow: said on a button. */
export interface NextStep {
  readonly label: string;
  readonly act: () => void;
}

/**
 * Says in passing that something was done; `next` is offered for ten seconds: to undo it where it can be taken back, or
 * another step by its own name.
 */
export function notifyDone(text: string, next?: (() => void) | NextStep): void {
  const step = typeof next === 'function' ? { label: t('action.undo'), act: next } : next;
  const message = ElMessage({
    type: 'success',
    duration: step ? 10_000 : 3_500,
    showClose: step !== undefined,
    message: () =>
      h('span', { class: 'row' }, [
        text,
        ...(step
          ? [
              h(
                ElButton,
                {
                  size: 'small',
                  onClick: () => {
                    message.close();
                    step.act();
                  },
                },
                () => step.label,
              ),
            ]
          : []),
      ]),
  });
}

/** Says in passing why something was not done, with the request id. For what belongs to no field and no page. */
export function notifyProblem(error: unknown, what?: string): void {
  const problem = problemOf(error);
  const key = sentenceKeyOf(problem);
  const sentence = key ? t(key) : problem.detail;
  const fields = problem.errors.map(({ path, text }) => `${path}: ${said(text)}`).join('; ');
  const parts = [what, sentence, fields, problem.requestId && t('error.requestId', { id: problem.requestId })];
  ElMessage({
    type: 'error',
    duration: 12_000,
    showClose: true,
    grouping: true,
    message: parts.filter(Boolean).join(' · '),
  });
}
