import { Response } from 'express';

/** Resolves when the response takes more without piling it up in memory, or is closed. At once where it does already. */
export function drained(response: Response): Promise<void> {
  if (response.closed || response.destroyed || !response.writableNeedDrain) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
