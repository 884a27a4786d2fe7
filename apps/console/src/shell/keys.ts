import { onScopeDispose, type Ref, watch } from 'vue';
import { useRouter } from 'vue-router';

/** What a key does on this page: `useKeys({ r: run, p: pause })`. Not while somebody types or a dialog is open. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const pressed = (event: KeyboardEvent): void => {
    if (isFree(event) && Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]?.();
    }
  };
  addEventListener('keydown', pressed);
  onScopeDispose(() => removeEventListener('keydown', pressed));
}

/** Calls `close` on Escape while `isOpen`. */
export function useEscape(isOpen: Ref<boolean>, close: () => void): void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };
  watch(isOpen, (now) => (now ? addEventListener('keydown', pressed) : removeEventListener('keydown', pressed)));
  onScopeDispose(() => removeEventListener('keydown', pressed));
}

const PLACES: Readonly<Record<string, string>> = {
  o: 'overview',
  j: 'jobs',
  r: 'runs',
  p: 'plan',
  w: 'workers',
  c: 'cluster',
  s: 'settings',
};
const SEARCH = 'main [data-search] input, main input[data-search]';
/** How long after `g` the letter of a place may come. */
const CHORD_MS = 1_200;

/** The keys that work everywhere: Ctrl K, `/`, down from there into the list, `?`, and `g` with the letter of a page. */
export function useGlobalKeys({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }): void {
  const router = useRouter();
  let goingSince = Number.NEGATIVE_INFINITY;
  const pressed = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.key === 'ArrowDown' && isInSearch(event) && goToRows()) {
      event.preventDefault();
      return;
    }
    if (!isFree(event)) return;
    const place = event.timeStamp - goingSince < CHORD_MS ? PLACES[event.key] : undefined;
    goingSince = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (place) {
      // Before the page's own keys: `g r` is no `r`.
      event.preventDefault();
      event.stopImmediatePropagation();
      void router.push({ name: place });
    } else if (event.key === '/') {
      event.preventDefault();
      const field = document.querySelector<HTMLInputElement>(SEARCH);
      if (field) field.focus();
      else openPalette();
    } else if (event.key === '?') {
      event.preventDefault();
      openHelp();
    }
  };
  addEventListener('keydown', pressed, { capture: true });
  onScopeDispose(() => removeEventListener('keydown', pressed, { capture: true }));
}

/** Whether somebody types in the search field of the page, and means no word that is being composed. */
function isInSearch({ target, isComposing, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isPlain = !isComposing && !shiftKey && !ctrlKey && !metaKey && !altKey;
  return isPlain && target instanceof HTMLElement && target.matches(SEARCH);
}

/** Puts the focus on the first row of the list that is searched; false where it has none. */
function goToRows(): boolean {
  const row = document.querySelector<HTMLElement>('main [data-rows] :is([tabindex], a[href])');
  row?.focus();
  return row !== null;
}

function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    return false;
  }
  const at = event.target instanceof HTMLElement ? event.target : undefined;
  const isTyping = at?.closest('input, textarea, select, [contenteditable=true], [role=combobox], [role=listbox]');
  const isDialogOpen = [...document.querySelectorAll<HTMLElement>('[role=dialog]')].some(
    (each) => each.offsetParent !== null,
  );
  return !isTyping && !isDialogOpen;
}
