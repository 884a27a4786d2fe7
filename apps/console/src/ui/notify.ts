import { ElButton, ElMessage } from 'element-plus';
import { h } from 'vue';
import { problemOf, sentenceKeyOf } from '@/api/problem';
import { i18n } from '@/i18n';

const t = i18n.global.t;

/** Says in passing that something was done; `undo` is offered for ten seconds where it can be taken back. */
export function notifyDone(text: string, undo?: () => void): void {
  const message = ElMessage({
    type: 'success',
    duration: undo ? 10_000 : 3_500,
    showClose: undo !== undefined,
    message: () =>
      h('span', { class: 'row' }, [
        text,
        ...(undo
          ? [
              h(
                ElButton,
                {
                  size: 'small',
                  onClick: () => {
                    message.close();
                    undo();
                  },
                },
                () => t('action.undo'),
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
  const fields = problem.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const parts = [what, sentence, fields, problem.requestId && t('error.requestId', { id: problem.requestId })];
  ElMessage({
    type: 'error',
    duration: 12_000,
    showClose: true,
    grouping: true,
    message: parts.filter(Boolean).join(' · '),
  });
}
