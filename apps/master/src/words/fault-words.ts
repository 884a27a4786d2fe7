import { FieldError, FleetcronError, InvalidInput } from '@app/platform';
import { FIELD_FAULTS } from './faults/field-faults.js';
import { IMPORT_FAULTS } from './faults/import-faults.js';
import { JOB_FAULTS } from './faults/job-faults.js';
import { REQUEST_FAULTS } from './faults/request-faults.js';
import { SCHEDULE_FAULTS } from './faults/schedule-faults.js';
import { Words } from './words.js';

const FAULTS = [...FIELD_FAULTS, ...SCHEDULE_FAULTS, ...JOB_FAULTS, ...REQUEST_FAULTS, ...IMPORT_FAULTS];

/** Words of ours that stand within a fault. */
const TERMS: ReadonlyMap<string, string> = new Map([
  ['second', '秒'],
  ['minute', '分'],
  ['hour', '时'],
  ['day of month', '日'],
  ['month', '月'],
  ['day of week', '星期'],
  ['year', '年'],
  ['job', '任务'],
  ['run', '执行记录'],
  ['worker', '执行节点'],
  ['user', '用户'],
  ['token', '令牌'],
  ['version', '版本'],
  ['path', '路径'],
  ['document', '文档'],
  ['file', '文件'],
]);

/**
 * What is wrong, as it was said in English, and in Chinese. A sentence nobody listed, such as one of an operating
 * system, stays as it is in both.
 */
export function faultWords(message: string): Words {
  return { en: message, zh: chinese(message) ?? compound(message) ?? message };
}

/** What an error of ours says. */
export function wordsOf(error: FleetcronError): Words {
  if (!(error instanceof InvalidInput)) return faultWords(error.message);
  return { ...faultsInWords(error.errors), en: error.message };
}

/** Several faults in one sentence each, the fields named: what `InvalidInput` says. */
export function faultsInWords(errors: readonly FieldError[]): Words {
  const parts = errors.map(({ path, message }) => (path ? `${path}：` : '') + faultWords(message).zh);
  return { en: new InvalidInput(errors).message, zh: parts.join('；') };
}

function chinese(message: string): string | undefined {
  for (const [pattern, template] of FAULTS) {
    const found = pattern.exec(message);
    if (found) return template.replace(/\$(\d)/g, (_, index: string) => term(found[Number(index)] ?? ''));
  }
  return undefined;
}

/** Sentences made of others. */
function compound(message: string): string | undefined {
  const key = /^the key (.*)$/s.exec(message)?.[1];
  if (key !== undefined) return `键名${chinese(key) ?? key}`;
  const choices = /^must be ((?:"[^"]*"|\d+)(?:, (?:"[^"]*"|\d+))*(?: or (?:"[^"]*"|\d+))?)$/.exec(message)?.[1];
  if (choices !== undefined) return `只能是 ${choices.replaceAll(', ', '、').replace(' or ', ' 或 ')}`;
  const body = /^The body (.*)\.$/s.exec(message)?.[1];
  const fault = body === undefined ? undefined : chinese(body);
  return fault === undefined ? undefined : `请求内容${fault}。`;
}

/** A nested fault is put into Chinese as well. */
function term(found: string): string {
  return TERMS.get(found) ?? chineseOfNested(found);
}

function chineseOfNested(found: string): string {
  if (!found.includes(': ')) return found;
  return found
    .split('; ')
    .map((part) => {
      const [, path, fault] = /^([\w.[\]-]+): (.*)$/s.exec(part) ?? [];
      const said = fault === undefined ? undefined : chinese(fault);
      return path === undefined || said === undefined ? part : `${path}：${said}`;
    })
    .join('；');
}
