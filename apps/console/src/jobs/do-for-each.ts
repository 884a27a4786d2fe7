/** What was done to which, and what was not. */
export interface Outcome<T> {
  readonly done: readonly T[];
  readonly failed: readonly { readonly item: T; readonly error: unknown }[];
}

const AT_ONCE = 6;

/** Does a deed to each, a few at a time; one that fails stops no other. */
export async function doForEach<T>(items: readonly T[], deed: (item: T) => Promise<unknown>): Promise<Outcome<T>> {
  const done: T[] = [];
  const failed: { item: T; error: unknown }[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const slice = items.slice(at, at + AT_ONCE);
    const results = await Promise.allSettled(slice.map(deed));
    results.forEach((result, index) => {
      const item = slice[index] as T;
      if (result.status === 'fulfilled') done.push(item);
      else failed.push({ item, error: result.reason });
    });
  }
  return { done, failed };
}
