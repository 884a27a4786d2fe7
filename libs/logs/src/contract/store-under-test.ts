import { HistoryStore } from '../port/history-store.js';

/** Gives an empty store, the same for the length of one test. */
export type StoreUnderTest = () => HistoryStore;
