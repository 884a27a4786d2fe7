/** A browser loses count somewhere above 17 million pixels; beyond this, scrolling is scaled. */
export const HIGHEST = 8_000_000;

/**
 * Joins the scrollbar of the browser with a list that may be higher than a browser can scroll. Places are pixels from
 * the top of the list; `bar` is the browser's own scrollTop.
 */
export interface ScrollScale {
  /** Height to give to what is scrolled. */
  readonly height: number;
  /** The greatest place the top of the window can have. */
  readonly furthest: number;
  toPlace(bar: number): number;
  toBar(place: number): number;
}

export function scrollScale(total: number, view: number): ScrollScale {
  const height = Math.min(total, HIGHEST);
  const furthest = Math.max(0, total - view);
  const ratio = height > view ? furthest / (height - view) : 1;
  return {
    height,
    furthest,
    toPlace: (bar) => Math.min(furthest, Math.max(0, bar * ratio)),
    toBar: (place) => place / (ratio || 1),
  };
}
