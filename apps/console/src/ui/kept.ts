import { type Ref, ref, watch } from 'vue';

/**
 * What was typed into a dialog and not done yet, by what the dialog is about. It stays while the console is open, also
 * when the dialog is closed; it may hold secrets, so it goes nowhere else.
 */
export class Kept<Form extends object> {
  private readonly forms = new Map<string, Form>();

  /** A copy; undefined where nothing was typed. */
  of(key: string): Form | undefined {
    const form = this.forms.get(key);
    return form && copyOf(form);
  }

  /** Keeps a form for as long as it differs from `fresh`, the one nobody has typed into. */
  keep(key: string, form: Form, fresh: Form): void {
    if (JSON.stringify(form) === JSON.stringify(fresh)) this.forms.delete(key);
    else this.forms.set(key, copyOf(form));
  }

  /** It is done, or no longer wanted. */
  forget(key: string): void {
    this.forms.delete(key);
  }
}

/** The form of a dialog that keeps what is typed into it. */
export interface KeptForm<Form extends object> {
  readonly form: Ref<Form>;
  /** Whether it holds what was typed another time: the person should see so. */
  readonly isKept: Ref<boolean>;
  /** Begins with what was typed about this before, else afresh. `fitted` makes it fit what has changed since. */
  begin(key: string, fresh: Form, fitted?: (kept: Form) => Form): void;
  /** Back to the fresh form. */
  clear(): void;
  /** It is done: the next time begins afresh. */
  forget(): void;
}

export function useKept<Form extends object>(box: Kept<Form>, empty: Form): KeptForm<Form> {
  const form = ref(copyOf(empty)) as Ref<Form>;
  const isKept = ref(false);
  let about: { readonly key: string; readonly fresh: Form } | undefined;

  watch(form, (now) => about && box.keep(about.key, now, about.fresh), { deep: true, flush: 'sync' });

  return {
    form,
    isKept,
    begin(key, fresh, fitted = (kept) => kept) {
      const kept = box.of(key);
      about = { key, fresh: copyOf(fresh) };
      form.value = kept ? fitted(kept) : copyOf(fresh);
      isKept.value = kept !== undefined;
    },
    clear() {
      if (about) form.value = copyOf(about.fresh);
      isKept.value = false;
    },
    forget() {
      if (about) box.forget(about.key);
      about = undefined;
    },
  };
}

function copyOf<Form extends object>(form: Form): Form {
  return JSON.parse(JSON.stringify(form)) as Form;
}
