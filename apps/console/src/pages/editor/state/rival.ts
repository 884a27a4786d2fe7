import { listJobVersions } from '@fleetcron/sdk';
import { shallowRef } from 'vue';
import { ask } from '@/api/ask';
import { ApiProblem } from '@/api/problem';
import { useRefresh } from '@/live/use-refresh';
import type { Editor, Saved } from './editor';
import { loadJob } from './load';
import { isSame } from './paths';

/** What somebody else did to the job while it was worked on. */
export type Rival =
  /** Saved another document. `by` and `at` (ISO) where that is known. */
  | { readonly kind: 'saved'; readonly theirs: Saved; readonly by?: string; readonly at?: string }
  | { readonly kind: 'deleted' };

/** Watches for others who save the same job. A change that leaves the document as it was is taken along unseen. */
export function useRival(editor: Editor) {
  const rival = shallowRef<Rival>();
  const { name } = editor;

  /** Looks at the job as it is now. */
  async function look(): Promise<Rival | undefined> {
    if (name === undefined || !editor.saved.value) return undefined;
    const now = await loadJob(name).catch((error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    });
    rival.value = now ? await compare(name, now) : { kind: 'deleted' };
    return rival.value;
  }

  async function compare(job: string, { document, etag }: Saved): Promise<Rival | undefined> {
    const base = editor.saved.value;
    if (!base || base.etag === etag) return undefined;
    if (isSame(document, base.document)) {
      editor.saved.value = { document, etag };
      return undefined;
    }
    return { kind: 'saved', theirs: { document, etag }, ...(await lastChange(job)) };
  }

  useRefresh(
    (change) => change.kind === 'job' && change.name === name,
    () => look().catch(() => undefined),
  );

  return {
    rival,
    look,
    settle(): void {
      rival.value = undefined;
    },
  };
}

/** Who put the document there is now, and when. */
async function lastChange(name: string): Promise<{ by?: string; at?: string }> {
  const versions = await ask(() => listJobVersions({ path: { name } })).catch(() => undefined);
  const newest = versions?.items[0];
  return newest ? { by: newest.replacedBy, at: newest.replacedAt } : {};
}
