import { inspect } from 'node:util';

const HIDDEN = '[hidden]';

/**
 * A value that must not be seen: printing, logging, inspecting or serialising it gives `[hidden]`. Only `reveal` gives
 * it, so a reader finds every place that does.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. For the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
