import { Ref, ref, watch } from 'vue';

/**
 * A value this browser remembers under `fleetcron.KEY`. What is stored and does not pass `isValid` gives the fallback;
 * a browser that stores nothing remembers until the page is closed.
 */
export function remembered<T>(key: string, fallback: T, isValid: (value: unknown) => boolean): Ref<T> {
  const name = `fleetcron.${key}`;
  const value = ref(read(name, fallback, isValid)) as Ref<T>;
  watch(value, (now) => write(name, now), { deep: true, flush: 'sync' });
  return value;
}

function read<T>(name: string, fallback: T, isValid: (value: unknown) => boolean): T {
  try {
    const text = localStorage.getItem(name);
    const value: unknown = text === null ? undefined : parse(text);
    return isValid(value) ? (value as T) : fallback;
  } catch {
    return fallback;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}

/** Strings are stored as they are, so that the script of the first paint can read them. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
