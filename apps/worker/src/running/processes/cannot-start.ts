/** The order cannot be started here; the message says why, in a sentence for the record. */
export class CannotStart extends Error {}
