import { ref, watch } from 'vue';
import { remembered } from '../format/remembered';

export type Theme = 'light' | 'dark' | 'system';

const stored = remembered<Theme>(
  'theme',
  'system',
  (value) => value === 'light' || value === 'dark' || value === 'system',
);
const system = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = ref(system.matches);
system.addEventListener('change', () => {
  isSystemDark.value = system.matches;
});

/** The theme the person chose, and whether that means dark now. Kept over visits; `system` follows the device. */
export const theme = stored;
export const isDark = ref(false);

watch(
  [theme, isSystemDark],
  () => {
    isDark.value = theme.value === 'dark' || (theme.value === 'system' && isSystemDark.value);
    document.documentElement.classList.toggle('dark', isDark.value);
  },
  { immediate: true },
);

export function toggleTheme(): void {
  theme.value = isDark.value ? 'light' : 'dark';
}
