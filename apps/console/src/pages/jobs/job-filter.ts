import type { ListJobsData } from '@fleetcron/sdk';
import { computed } from 'vue';
import { useUrlText } from '@/ui/url-state';

type Query = NonNullable<ListJobsData['query']>;
export type JobState = NonNullable<Query['state']>;
export type JobSort = NonNullable<Query['sort']>;

export const JOB_STATES: readonly JobState[] = ['enabled', 'paused', 'invalid', 'ended'];
const SORTS: readonly JobSort[] = ['name', '-name', 'next', '-next'];

/** Which jobs are wanted; absent means any. */
export interface JobFilter {
  readonly search?: string;
  readonly group?: string;
  readonly label?: string;
  readonly state?: JobState;
}

/** What the address says, made into what the API takes: words it does not know are left out. */
export function filterOf(given: Readonly<Record<'search' | 'group' | 'label' | 'state', string>>): JobFilter {
  const state = JOB_STATES.find((each) => each === given.state);
  return {
    ...(given.search && { search: given.search.slice(0, 200) }),
    ...(given.group && { group: given.group }),
    ...(given.label && { label: given.label }),
    ...(state && { state }),
  };
}

export function isFiltered(filter: JobFilter): boolean {
  return Object.keys(filter).length > 0;
}

/** The filter and the order of the list of jobs, as they stand in the address. */
export function useJobFilter() {
  const search = useUrlText('search');
  const group = useUrlText('group');
  const label = useUrlText('label');
  const state = useUrlText('state');
  const sortText = useUrlText('sort');
  const filter = computed(() =>
    filterOf({ search: search.value, group: group.value, label: label.value, state: state.value }),
  );
  const sort = computed({
    get: (): JobSort => SORTS.find((each) => each === sortText.value) ?? 'name',
    set: (value) => {
      sortText.value = value === 'name' ? '' : value;
    },
  });

  /** A saved view, or no filter at all. The order stays unless one is given. */
  function apply(wanted: JobFilter, order?: JobSort): void {
    search.value = wanted.search ?? '';
    group.value = wanted.group ?? '';
    label.value = wanted.label ?? '';
    state.value = wanted.state ?? '';
    if (order) sort.value = order;
  }

  return { search, group, label, state, sort, filter, apply };
}
