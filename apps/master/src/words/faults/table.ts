/** What is said in English, as a pattern, and the same in Chinese; `$1` is what the first group found. */
export type FaultTable = readonly (readonly [english: RegExp, chinese: string])[];
