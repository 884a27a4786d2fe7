import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { json } from '@codemirror/legacy-modes/mode/javascript';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export type CodeLanguage = 'shell' | 'yaml' | 'json' | 'text';

/** Something to say about a line, counted from 1; lines that are not there are taken for the last. */
export interface CodeMark {
  readonly line: number;
  readonly message: string;
}

export interface CodeOptions {
  readonly text: string;
  readonly language: CodeLanguage;
  /** Accessible name of the field. */
  readonly label: string;
  /** Shown while the field is empty. */
  readonly hint?: string;
  readonly isReadonly: boolean;
  readonly changed: (text: string) => void;
}

/** A code field that stands in the page. This module is large: import it when a field is shown. */
export class CodeField {
  private readonly access = new Compartment();
  private readonly name = new Compartment();
  private readonly view: EditorView;

  constructor(parent: HTMLElement, options: CodeOptions) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          ...[lineNumbers(), history(), bracketMatching(), indentOnInput(), indentUnit.of('  '), lintGutter()],
          ...[EditorView.lineWrapping, look, syntaxHighlighting(colours), languageOf(options.language)],
          keymap.of([...defaultKeymap, ...historyKeymap]),
          options.hint ? placeholder(options.hint) : [],
          this.access.of(accessOf(options.isReadonly)),
          this.name.of(nameOf(options.label)),
          EditorView.updateListener.of(({ docChanged, state }) => docChanged && options.changed(state.doc.toString())),
        ],
      }),
    });
  }

  /** Takes a text from outside; the place of the cursor is kept where it can be. */
  setText(text: string): void {
    const { doc, selection } = this.view.state;
    if (doc.toString() === text) return;
    const at = Math.min(selection.main.head, text.length);
    this.view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: at } });
  }

  setReadonly(isReadonly: boolean): void {
    this.view.dispatch({ effects: this.access.reconfigure(accessOf(isReadonly)) });
  }

  setLabel(label: string): void {
    this.view.dispatch({ effects: this.name.reconfigure(nameOf(label)) });
  }

  setMarks(marks: readonly CodeMark[]): void {
    const { doc } = this.view.state;
    const diagnostics = marks.map(({ line, message }) => {
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return { from, to, message, severity: 'error' as const };
    });
    diagnostics.sort((a, b) => a.from - b.from);
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  /** Puts the cursor at the beginning of a line, counted from 1, and shows it. */
  goTo(line: number): void {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.view.focus();
  }

  end(): void {
    this.view.destroy();
  }
}

function languageOf(language: CodeLanguage): Extension {
  switch (language) {
    case 'shell':
      return StreamLanguage.define(shell);
    case 'json':
      return StreamLanguage.define(json);
    case 'yaml':
      return yaml();
    case 'text':
      return [];
  }
}

/** A text that cannot be changed stays in the order of focus: it can be read, scrolled and copied by keys. */
function accessOf(isReadonly: boolean): Extension {
  return [
    EditorState.readOnly.of(isReadonly),
    EditorView.contentAttributes.of({ 'aria-readonly': String(isReadonly) }),
  ];
}

function nameOf(label: string): Extension {
  return EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' });
}

const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--faint)' },
  { tag: [tags.keyword, tags.standard(tags.variableName), tags.propertyName], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--succeeded)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--running)' },
  { tag: [tags.definition(tags.variableName), tags.attributeName], color: 'var(--killed)' },
]);

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--ink)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--faint)', border: '0', paddingLeft: '4px' },
  '.cm-placeholder': { color: 'var(--faint)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-weak)' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--failed)',
    textUnderlineOffset: '4px',
  },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', border: '1px solid var(--line-strong)', color: 'var(--ink)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--failed)' },
});
