/** The thread in which letters are taken apart. What cannot be given to another thread is not among what it finds. */
import { parentPort } from 'node:worker_threads';
import PostalMime, { type Email } from 'postal-mime';

/** Letters of a head that are looked at where the rest is beyond all measure. */
const longestHead = 1_000_000;

async function parsed(bytes: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch {
    // Nested beyond all measure: the head at least.
    const text = bytes.toString('latin1', 0, longestHead);
    const head = text.slice(0, /\r?\n\r?\n/.exec(text)?.index ?? longestHead);
    const plain = head.replace(/^content-type:.*(\r?\n[ \t].*)*\r?\n/gim, '');
    return PostalMime.parse(Buffer.from(plain, 'latin1'));
  }
}

parentPort!.on('message', async (bytes: Uint8Array) => {
  parentPort!.postMessage(await parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
});
