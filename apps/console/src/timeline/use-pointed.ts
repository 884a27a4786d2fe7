import { computed, onScopeDispose, type Ref, ref } from 'vue';
import { ROW } from './shapes';
import type { Spot } from './spots';

/** A spot that is pointed at, or has the focus: on which line, and how far from the left, pixels. */
export interface Pointed {
  readonly jobName: string;
  readonly line: number;
  readonly spot: Spot;
  readonly x: number;
}

const CARD_PX = 340;
const CARD_HIGH_PX = 130;
/** The card stands a little to the left of its spot. */
const ASIDE_PX = 24;
const LINGER_MS = 250;

/** What the card of the chart shows and where it stands: below its line, above it near the end of the list. */
export function usePointed(width: Ref<number>, lines: () => number) {
  const pointed = ref<Pointed>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  function hide(): void {
    pointed.value = undefined;
  }

  return {
    pointed,
    hide,
    /** Nothing found: the card lingers for a moment, so that the pointer can go to it. */
    point(jobName: string, line: number, found: Pick<Pointed, 'spot' | 'x'> | undefined): void {
      clearTimeout(timer);
      if (found) pointed.value = { jobName, line, spot: found.spot, x: found.x };
      else timer = setTimeout(hide, LINGER_MS);
    },
    place: computed(() => {
      const { x = 0, line = 0 } = pointed.value ?? {};
      const isAbove = line > 3 && lines() - line < CARD_HIGH_PX / ROW;
      return {
        left: `${Math.max(0, Math.min(x - ASIDE_PX, width.value - CARD_PX))}px`,
        top: isAbove ? undefined : `${(line + 1) * ROW}px`,
        bottom: isAbove ? `${(lines() - line) * ROW}px` : undefined,
      };
    }),
  };
}
