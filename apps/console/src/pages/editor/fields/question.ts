import { type InjectionKey, inject, provide } from 'vue';

const KEY: InjectionKey<() => string> = Symbol('question of a row of fields');

/** Says which question the fields within answer, so that a label such as "At most" can be told apart elsewhere. */
export function provideQuestion(question: () => string): void {
  provide(KEY, question);
}

/** The question the field stands under; undefined where its label says all. */
export function useQuestion(): (() => string) | undefined {
  return inject(KEY, undefined);
}

/** `Fails: At most`; a label that is the question stands alone. */
export function withQuestion(question: string | undefined, label: string): string {
  return question === undefined || question === label ? label : `${question}: ${label}`;
}
