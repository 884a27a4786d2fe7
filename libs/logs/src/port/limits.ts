/** Runs one page of a list may hold. */
export const MAX_PAGE = 500;

/** Chunks of output one call gives when not told how many, and at most. */
export const DEFAULT_OUTPUT_CHUNKS = 200;
export const MAX_OUTPUT_CHUNKS = 1_000;

/** Kept bytes of output after which a call gives out what it has. */
export const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
