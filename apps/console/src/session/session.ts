import { getMe, type Me } from '@fleetcron/sdk';
import { computed, readonly, ref } from 'vue';
import { ApiProblem, problemOf } from '../api/problem';

export type Role = Me['role'];

const ORDER: readonly Role[] = ['viewer', 'operator', 'editor', 'admin'];
const me = ref<Me>();

/** Who is signed in; undefined before that is known. */
export const session = readonly(me);

/** What the person may do: a page shows everything to everybody, and its buttons to those who may press them. */
export const may = {
  /** Run, kill, pause, drain. */
  operate: computed(() => hasRole('operator')),
  /** Make, change and delete jobs. */
  edit: computed(() => hasRole('editor')),
  /** Manage access. */
  administer: computed(() => hasRole('admin')),
};

function hasRole(role: Role): boolean {
  return me.value !== undefined && ORDER.indexOf(me.value.role) >= ORDER.indexOf(role);
}

/** Asks who is signed in. undefined where nobody is. Throws ApiProblem where the server does not say. */
export async function readSession(): Promise<Me | undefined> {
  const { data, error, response } = await getMe().catch((thrown: unknown) => {
    throw problemOf(thrown);
  });
  if (response?.ok) {
    me.value = data;
    return data;
  }
  if (response?.status === 401) {
    me.value = undefined;
    return undefined;
  }
  throw response ? ApiProblem.of(error, response) : problemOf(error);
}

/** The person who has just signed in. */
export function setSession(who: Me | undefined): void {
  me.value = who;
}
