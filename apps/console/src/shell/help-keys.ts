/** What a key does, or keys do: how they are written, and the word of the room `shell` that says it. */
export interface HelpKeys {
  /** Several letters in one stand for each of them. */
  readonly keys: readonly string[];
  readonly word: string;
}

/** Every key that does something, in the order of the help: what works everywhere first. */
export const HELP_KEYS: readonly HelpKeys[] = [
  { keys: ['Ctrl', 'K'], word: 'helpSearch' },
  { keys: ['/'], word: 'helpFilter' },
  { keys: ['g', 'o j r p w c s'], word: 'helpGo' },
  { keys: ['↑', '↓', 'Home', 'End', 'Enter'], word: 'helpRows' },
  { keys: ['Space'], word: 'helpSelect' },
  { keys: ['r', 'p', 'e'], word: 'helpRun' },
  { keys: ['n'], word: 'helpNew' },
  { keys: ['r'], word: 'helpAgain' },
  { keys: ['f n N e w s l', 'Home', 'End'], word: 'helpOutput' },
  { keys: ['←', '→', 'n'], word: 'helpPlan' },
  { keys: ['Ctrl', 'S'], word: 'helpSave' },
  { keys: ['Esc'], word: 'helpClose' },
  { keys: ['?'], word: 'helpHelp' },
];
