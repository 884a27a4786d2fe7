import { InvalidInput } from '@app/platform';

/** Refuses a schedule for what stands in its expression. */
export function refuseExpression(message: string): never {
  throw new InvalidInput([{ path: 'cronExpr', message }]);
}

/** Input quoted for a message: shortened, and with nothing in it that a terminal would act on. */
export function quote(text: string): string {
  const inert = text.replace(/[^\P{C}\t]|\s/gu, ' ');
  return `"${inert.length > 40 ? `${inert.slice(0, 40)}...` : inert}"`;
}
