import { computed, nextTick, onMounted, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { plainText } from './clean-text';
import { cellsOf, RowHeights } from './row-heights';
import { scrollScale } from './scroll-scale';
import type { StreamFilter } from './stream-filter';

/** Height of one line of text, pixels. */
const LINE_PX = 19;
const OVERSCAN = 10;
/** A line's text begins after the columns of number and time; this much of it stays free at the right. */
const MARGIN_PX = 24;

/** What the window needs to know. */
export interface WindowOptions {
  readonly scroller: Ref<HTMLElement | undefined>;
  readonly rows: () => StreamFilter;
  /** Rises when rows have come. */
  readonly version: Ref<number>;
  readonly isWrapped: () => boolean;
  /** Pixels at the left of the text. */
  readonly gutterPx: () => number;
  readonly charPx: () => number;
}

/**
 * The part of a long list that is on the screen. Rows are one line high, or as many as wrapping makes them: guessed by
 * their characters, corrected by what is measured once they are drawn. Only what is visible is ever drawn.
 */
export function useWindow({ scroller, rows, version, isWrapped, gutterPx, charPx }: WindowOptions) {
  const view = ref({ width: 0, height: 0 });
  const top = ref(0);
  const layout = ref(0);
  const heights = shallowRef(new RowHeights());
  let barSet = 0;

  const cells = computed(() =>
    isWrapped() ? Math.max(20, Math.floor((view.value.width - gutterPx() - MARGIN_PX) / charPx())) : undefined,
  );
  const scale = computed(() => {
    void layout.value;
    return scrollScale(heights.value.total * LINE_PX, view.value.height);
  });
  const visible = computed(() => {
    void layout.value;
    const { size } = rows();
    const known = heights.value;
    const first = Math.max(0, known.rowAt(top.value / LINE_PX) - OVERSCAN);
    const places: number[] = [];
    let above = known.topOf(first);
    const until = (top.value + view.value.height) / LINE_PX;
    for (let place = first, beyond = 0; place < size && beyond < OVERSCAN; place += 1) {
      places.push(place);
      above += known.heightAt(place);
      if (above > until) beyond += 1;
    }
    return { first, places };
  });
  /** Where the first drawn row stands in what is scrolled, pixels. */
  const offset = computed(() => {
    void layout.value;
    return scale.value.toBar(top.value) + heights.value.topOf(visible.value.first) * LINE_PX - top.value;
  });
  const isAtEnd = computed(() => top.value >= scale.value.furthest - LINE_PX / 2);

  function rebuild(): void {
    const filter = rows();
    const known = new RowHeights(cells.value === undefined ? undefined : (place) => guess(filter, place, cells.value!));
    known.grow(filter.size);
    heights.value = known;
    layout.value += 1;
  }

  function grow(): void {
    if (rows().update()) rebuild();
    else heights.value.grow(rows().size);
    layout.value += 1;
  }

  /** Goes to a place in pixels from the top of the list. */
  function go(place: number): void {
    top.value = Math.min(scale.value.furthest, Math.max(0, place));
    barSet = scale.value.toBar(top.value);
    setBar();
    // What is scrolled may not be as high yet as it will be once it is drawn.
    void nextTick(setBar);
  }

  function setBar(): void {
    const element = scroller.value;
    if (element && Math.abs(element.scrollTop - barSet) >= 1) element.scrollTop = barSet;
  }

  function scrolled(): void {
    const bar = scroller.value?.scrollTop ?? 0;
    if (Math.abs(bar - barSet) >= 1) {
      barSet = bar;
      top.value = scale.value.toPlace(bar);
    }
  }

  function wheeled(event: WheelEvent): void {
    // Where the bar is scaled, a turn of the wheel still moves by what it says.
    if (scale.value.height < heights.value.total * LINE_PX && event.deltaY !== 0 && !event.ctrlKey) {
      event.preventDefault();
      go(top.value + event.deltaY * (event.deltaMode === 1 ? LINE_PX : 1));
    }
  }

  /** Takes the true heights of drawn rows; what is read stays where it is. */
  function measured(rowsDrawn: Iterable<{ place: number; px: number }>): void {
    let change = 0;
    let above = 0;
    const firstSeen = heights.value.rowAt(top.value / LINE_PX);
    for (const { place, px } of rowsDrawn) {
      const difference = heights.value.set(place, Math.max(1, Math.round(px / LINE_PX)));
      change += Math.abs(difference);
      if (place < firstSeen) above += difference;
    }
    if (change > 0) {
      layout.value += 1;
      if (above !== 0) go(top.value + above * LINE_PX);
    }
  }

  watch([rows, cells], rebuild, { immediate: true });
  watch(version, grow);

  onMounted(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) view.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    if (scroller.value) {
      view.value = { width: scroller.value.clientWidth, height: scroller.value.clientHeight };
      observer.observe(scroller.value);
    }
    scroller.value?.addEventListener('wheel', wheeled, { passive: false });
    onScopeDispose(() => observer.disconnect());
  });

  return {
    height: computed(() => scale.value.height),
    visible,
    offset,
    isAtEnd,
    top,
    viewHeight: computed(() => view.value.height),
    isWrapping: computed(() => cells.value !== undefined),
    scrolled,
    measured,
    toStart: () => go(0),
    toEnd: () => go(scale.value.furthest),
    by: (px: number) => go(top.value + px),
    /** Puts a row in the middle, or leaves it where it is when it is seen. */
    show: (place: number) => {
      const from = heights.value.topOf(place) * LINE_PX;
      const isSeen = from >= top.value + LINE_PX && from + 2 * LINE_PX <= top.value + view.value.height;
      if (!isSeen) go(from - view.value.height / 2 + LINE_PX);
    },
  };
}

function guess(rows: StreamFilter, place: number, cells: number): number {
  const text = rows.store.textAt(rows.indexAt(place));
  return text === undefined ? 1 : Math.max(1, Math.ceil(cellsOf(plainText(text)) / cells));
}
