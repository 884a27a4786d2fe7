import { type Component, defineAsyncComponent } from 'vue';

/** The tabs of the page of a job, in order; the first needs no word in the address. */
export const TABS = ['runs', 'calendar', 'durations', 'plan', 'ledger', 'versions', 'definition'] as const;
export type Tab = (typeof TABS)[number];

/** Each tab is loaded when it is first opened. */
export const TAB_COMPONENTS: Readonly<Record<Tab, Component>> = {
  runs: defineAsyncComponent(() => import('./runs/RunsTab.vue')),
  calendar: defineAsyncComponent(() => import('./calendar/CalendarTab.vue')),
  durations: defineAsyncComponent(() => import('./durations/DurationsTab.vue')),
  plan: defineAsyncComponent(() => import('./plan/PlanTab.vue')),
  ledger: defineAsyncComponent(() => import('./ledger/LedgerTab.vue')),
  versions: defineAsyncComponent(() => import('./versions/VersionsTab.vue')),
  definition: defineAsyncComponent(() => import('./definition/DefinitionTab.vue')),
};

/** The tab an address names; the first where it names none. */
export function tabOf(text: unknown): Tab {
  return TABS.find((tab) => tab === text) ?? 'runs';
}
