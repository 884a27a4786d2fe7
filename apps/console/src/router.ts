import { createRouter, createWebHistory } from 'vue-router';
import { readSession, session } from './session/session';

declare module 'vue-router' {
  interface RouteMeta {
    /** Entry of the rail that is lit. */
    nav?: 'overview' | 'jobs' | 'runs' | 'plan' | 'workers' | 'cluster' | 'settings';
    /** Shown without the frame, to people who are not signed in. */
    isPublic?: boolean;
  }
}

/** Every page is a chunk of its own: what is not visited is not loaded. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/',
      name: 'overview',
      component: () => import('./pages/overview/OverviewPage.vue'),
      meta: { nav: 'overview' },
    },
    { path: '/jobs', name: 'jobs', component: () => import('./pages/jobs/JobsPage.vue'), meta: { nav: 'jobs' } },
    {
      path: '/new-job',
      name: 'new-job',
      component: () => import('./pages/editor/EditorPage.vue'),
      meta: { nav: 'jobs' },
    },
    { path: '/jobs/:name', name: 'job', component: () => import('./pages/job/JobPage.vue'), meta: { nav: 'jobs' } },
    {
      path: '/jobs/:name/edit',
      name: 'edit-job',
      component: () => import('./pages/editor/EditorPage.vue'),
      meta: { nav: 'jobs' },
    },
    { path: '/runs', name: 'runs', component: () => import('./pages/runs/RunsPage.vue'), meta: { nav: 'runs' } },
    { path: '/runs/:id', name: 'run', component: () => import('./pages/run/RunPage.vue'), meta: { nav: 'runs' } },
    { path: '/plan', name: 'plan', component: () => import('./pages/plan/PlanPage.vue'), meta: { nav: 'plan' } },
    {
      path: '/workers',
      name: 'workers',
      component: () => import('./pages/workers/WorkersPage.vue'),
      meta: { nav: 'workers' },
    },
    {
      path: '/cluster',
      name: 'cluster',
      component: () => import('./pages/cluster/ClusterPage.vue'),
      meta: { nav: 'cluster' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('./pages/settings/SettingsPage.vue'),
      meta: { nav: 'settings' },
    },
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./pages/sign-in/SignInPage.vue'),
      meta: { isPublic: true },
    },
    { path: '/:path(.*)*', name: 'nowhere', component: () => import('./pages/nowhere/NowherePage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

router.beforeEach(async (to) => {
  if (to.meta.isPublic || session.value) {
    return true;
  }
  // A server that does not answer is no reason to sign in again: the page says what is wrong.
  const who = await readSession().catch(() => 'unknown' as const);
  return who ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
});
