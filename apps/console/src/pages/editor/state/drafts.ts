import type { Draft } from '@/editing/job-document';
import { session } from '@/session/session';
import { isMap } from './paths';

/** What somebody typed and did not save yet, as this browser keeps it. */
export interface KeptDraft {
  readonly document: Draft;
  /** The text of the YAML tab, where it says no document. */
  readonly text?: string;
  /** What it was made from, and the ETag of that; absent for a job that is not there yet. */
  readonly base?: Draft;
  readonly etag?: string;
  /** When it was typed, epoch ms. */
  readonly at: number;
}

/** The drafts of whoever is signed in. */
export function draftBox(): DraftBox {
  return new DraftBox(session.value?.name ?? '');
}

/** Drafts of one person, so that no other who signs in here sees them. */
export class DraftBox {
  constructor(
    private readonly person: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = localStorage,
  ) {}

  /** The draft under a key: the name of a job, or of what is to become one. What is stored and is no draft is none. */
  read(key: string): KeptDraft | undefined {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(this.nameOf(key)) ?? 'null');
      return isMap(kept) && isMap(kept.document) && typeof kept.at === 'number'
        ? (kept as unknown as KeptDraft)
        : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether it could be kept: storage may be full or forbidden. */
  keep(key: string, draft: KeptDraft): boolean {
    try {
      this.storage.setItem(this.nameOf(key), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  discard(key: string): void {
    try {
      this.storage.removeItem(this.nameOf(key));
    } catch {
      // Storage is forbidden: nothing was kept.
    }
  }

  private nameOf(key: string): string {
    return `fleetcron.draft.${encodeURIComponent(this.person)}.${key}`;
  }
}
