const LABELS = ['minute', 'hour', 'day of month', 'month', 'day of week'];

/**
 * Why cron(8) would not read a field of a crontab, in a sentence; undefined when the form is right. Values are checked
 * when the job is: this keeps out what only other schedulers know (`H`, `L`, `5/15`, `~`), which has never run here.
 */
export function checkCronField(field: string, index: number): string | undefined {
  const names = index === 3 || index === 4 ? '|[a-z]{3}' : '';
  const value = `(?:\\d{1,2}${names})`;
  const item = `(?:\\*(?:/\\d+)?|${value}(?:-${value}(?:/\\d+)?)?)`;
  if (new RegExp(`^${item}(?:,${item})*$`, 'i').test(field)) return undefined;
  const shown = field.length > 40 ? `${field.slice(0, 40)}...` : field;
  return `${LABELS[index]} "${shown.replace(/\p{C}/gu, '?')}" is nothing cron(8) understands`;
}
