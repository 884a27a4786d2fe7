import { z } from 'zod';
import { instantText, line, nameText, text, textsBy } from './text.js';

/** The version of the document this program writes and reads. */
export const DOCUMENT_VERSION = 1;

/** Fields that say which job it is and whether it is on. */
export const identityFields = {
  v: z
    .literal(DOCUMENT_VERSION)
    .optional()
    .meta({ description: 'Version of this document; absent means 1.', examples: [1] }),
  name: nameText.meta({
    description:
      'Unique name: 1 to 128 letters of any script (NFC), digits, ".", "_" and "-", beginning with a letter or a digit.',
    examples: ['nightly-report'],
  }),
  description: text(4096)
    .optional()
    .meta({ description: 'What the job is for, for people.', examples: ['Sends the sales report to the team.'] }),
  labels: textsBy(nameText, line(256))
    .optional()
    .meta({ description: 'Labels to find and filter jobs by; at most 64.', examples: [{ team: 'billing' }] }),
  group: nameText
    .optional()
    .meta({ description: 'Pool of workers that may run the job. Default "default".', examples: ['default'] }),
  paused: z
    .boolean()
    .optional()
    .meta({ description: 'A paused job does not fire; it can still be run by hand.', examples: [false] }),
  pausedReason: line(1024)
    .optional()
    .meta({ description: 'Why the job is paused, for people.', examples: ['Waiting for the new database.'] }),
  pausedUntil: instantText
    .optional()
    .meta({ description: 'The pause ends by itself at this instant.', examples: ['2026-12-01T08:00:00Z'] }),
};
