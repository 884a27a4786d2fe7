import { onScopeDispose, type Ref, ref, watch } from 'vue';

/** Fewer pixels than this are a click, not a drag. */
const CLICK_PX = 4;
/** A wheel that rests this long has arrived. */
const REST_MS = 140;

/**
 * Moves a window of time by dragging, by the wheel with Shift and by a sideways wheel. While it moves, what is drawn is
 * shifted; when it rests, `moved` is told by how many windows (positive: to the future). It answers whether it moved.
 */
export function usePan(width: Ref<number>, from: () => number, moved: (windows: number) => boolean) {
  const shiftPx = ref(0);
  const isDragging = ref(false);
  let startX = 0;
  let startShift = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAfterDrag = false;

  // What is drawn now lies in its new place: nothing is shifted any more.
  watch(from, () => (shiftPx.value = 0), { flush: 'sync' });
  onScopeDispose(() => {
    clearTimeout(timer);
    end();
  });

  function arrive(): void {
    timer = undefined;
    if (!moved(-shiftPx.value / Math.max(1, width.value))) shiftPx.value = 0;
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    startX = event.clientX;
    startShift = shiftPx.value;
    isAfterDrag = false;
    addEventListener('pointermove', drag);
    addEventListener('pointerup', up);
    addEventListener('pointercancel', up);
  }

  function drag(event: PointerEvent): void {
    const by = event.clientX - startX;
    if (!isDragging.value && Math.abs(by) < CLICK_PX) return;
    isDragging.value = true;
    shiftPx.value = startShift + by;
  }

  function up(): void {
    isAfterDrag = isDragging.value;
    end();
    if (isAfterDrag) arrive();
  }

  function end(): void {
    isDragging.value = false;
    removeEventListener('pointermove', drag);
    removeEventListener('pointerup', up);
    removeEventListener('pointercancel', up);
  }

  function wheel(event: WheelEvent): void {
    const by = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
    if (Math.abs(by) < 1 || (!event.shiftKey && Math.abs(event.deltaY) > Math.abs(event.deltaX))) return;
    event.preventDefault();
    shiftPx.value -= by;
    clearTimeout(timer);
    timer = setTimeout(arrive, REST_MS);
  }

  /** The click that ends a drag opens nothing. */
  function click(event: MouseEvent): void {
    if (isAfterDrag) {
      isAfterDrag = false;
      event.preventDefault();
      event.stopPropagation();
    }
  }

  return { shiftPx, isDragging, down, wheel, click };
}
