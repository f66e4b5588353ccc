/**
 * Takes letters apart in a thread of its own, which is ended where one takes too long: a letter can be made so that its
 * reader needs minutes, and nobody else is to wait for them.
 */
import { Worker } from 'node:worker_threads';
import type { Email } from 'postal-mime';
import { FarleyError } from '../../errors.ts';

/** MiB that the reader may take up: letters are up to 64. */
const room = 1_024;
/** Letters that may wait for those before them; whoever brings more is to come again. */
const mostWaiting = 20;

let worker: Worker | null = null;
let before: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * The parts of a letter, after those that came before. Throws `invalidInput` where it cannot be read within `patience`
 * milliseconds, `overloaded` where too many wait.
 */
export async function takenApart(bytes: Buffer, patience: number): Promise<Email> {
  if (waiting >= mostWaiting) throw new FarleyError('overloaded');
  waiting++;
  const read = before.then(() => readNow(bytes, patience));
  before = read.catch(() => undefined).finally(() => waiting--);
  return read;
}

function readNow(bytes: Buffer, patience: number): Promise<Email> {
  worker ??= new Worker(new URL('./mail-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: room },
  });
  const reader = worker;
  // A process that has nothing else to do may end, but not while it waits for an answer.
  reader.ref();
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      reader.off('message', take).off('error', fail).off('exit', fail);
      reader.unref();
    };
    const take = (message: Email) => {
      done();
      resolve(message);
    };
    const fail = () => {
      done();
      worker = null;
      // What ends it may still be told of.
      reader.on('error', () => {});
      void reader.terminate();
      reject(new FarleyError('invalidInput', 'A letter cannot be read, or only in too long a time.'));
    };
    const timer = setTimeout(fail, patience);
    reader.on('message', take).on('error', fail).on('exit', fail);
    reader.postMessage(bytes);
  });
}
