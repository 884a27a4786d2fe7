import { describe, expect, it } from 'vitest';
import { Kept, useKept } from './kept';

interface Form {
  reason: string;
  params: Record<string, string>;
}
const fresh: Form = { reason: '', params: { day: 'today' } };

function dialog(box: Kept<Form>, key = 'nightly') {
  const kept = useKept(box, fresh);
  kept.begin(key, fresh);
  return kept;
}

describe('what was typed into a dialog', () => {
  it('is there when it is opened again about the same', () => {
    const box = new Kept<Form>();
    const first = dialog(box);
    first.form.value.reason = 'moving house';
    first.form.value.params['day'] = 'yesterday';
    const again = dialog(box);
    expect(again.form.value).toEqual({ reason: 'moving house', params: { day: 'yesterday' } });
    expect(again.isKept.value).toBe(true);
    expect(dialog(box, 'hourly')).toMatchObject({ form: { value: fresh }, isKept: { value: false } });
  });

  it('is gone once it is done, cleared, or taken back by hand', () => {
    const box = new Kept<Form>();
    for (const end of [
      (form: ReturnType<typeof dialog>) => form.forget(),
      (form: ReturnType<typeof dialog>) => form.clear(),
      (form: ReturnType<typeof dialog>) => {
        form.form.value.reason = '';
      },
    ]) {
      const open = dialog(box);
      open.form.value.reason = 'typed';
      end(open);
      expect(dialog(box).isKept.value).toBe(false);
    }
    expect(fresh.reason).toBe('');
  });

  it('is fitted to what has changed since', () => {
    const box = new Kept<Form>();
    dialog(box).form.value.params = { day: 'yesterday', gone: 'x' };
    const again = useKept(box, fresh);
    again.begin('nightly', fresh, ({ reason, params }) => ({ reason, params: { day: params['day'] ?? '' } }));
    expect(again.form.value.params).toEqual({ day: 'yesterday' });
  });
});
