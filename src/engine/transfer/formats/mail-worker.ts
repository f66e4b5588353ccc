/** The thread in which letters are taken apart. What cannot be given to another thread is not among what it finds. */
import { isUtf8 } from 'node:buffer';
import { parentPort } from 'node:worker_threads';
import PostalMime, { type Email } from 'postal-mime';

/** Letters of a head that are looked at where the rest is beyond all measure. */
const longestHead = 1_000_000;

const windows = new TextDecoder('windows-1252');
/** What Windows has where ISO 8859-1 has control characters. */
const byteOf = new Map(
  Array.from({ length: 32 }, (_, at) => [windows.decode(Buffer.of(128 + at)), 128 + at] as const),
);

async function parsed(given: Buffer): Promise<Email> {
  const bytes = withReadableHead(given);
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

/**
 * Letters beyond ASCII stand in heads as UTF-8 (RFC 6532), and so does text whose encoding is not told. Old programs write
 * them as they are, in the encoding of the text or that of Windows; what is no UTF-8 is read so.
 */
function withReadableHead(bytes: Buffer): Buffer {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1', 0, longestHead))?.index ?? 0;
  if (end === 0 || isUtf8(bytes)) return bytes;
  const head = bytes.toString('latin1', 0, end);
  const [, charset = ''] = /^content-type:[\s\S]{0,200}?charset="?([\w-]{1,40})/im.exec(head) ?? [];
  const decoder = decoderOf(charset);
  const lines: Buffer[] = [];
  for (let from = 0; from < end; ) {
    const to = Math.min(bytes.indexOf(10, from) + 1 || end, end);
    const line = bytes.subarray(from, to);
    lines.push(isUtf8(line) ? line : Buffer.from(decoder.decode(line)));
    from = to;
  }
  const body = bytes.subarray(end);
  if (!/^content-type:/im.test(head) && !isUtf8(body))
    lines.unshift(Buffer.from('Content-Type: text/plain; charset=windows-1252\r\n'));
  return Buffer.concat([...lines, body]);
}

function decoderOf(charset: string): TextDecoder {
  try {
    const decoder = new TextDecoder(charset);
    if (decoder.encoding !== 'utf-8') return decoder;
  } catch {}
  return windows;
}

/** UTF-8 that was read as Windows-1252, as of text whose encoding is told wrongly or not at all, is read again. */
function readAgain(text: string | undefined): string | undefined {
  if (!text || !/[\u00c2-\u00f4][\u0080-\uffff]/.test(text)) return text;
  const bytes = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte = code < 256 ? code : byteOf.get(text[at]!);
    if (byte === undefined) return text;
    bytes[at] = byte;
  }
  return isUtf8(bytes) ? bytes.toString() : text;
}

parentPort!.on('message', async (bytes: Uint8Array) => {
  const message = await parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const [text, html] = [readAgain(message.text), readAgain(message.html)];
  parentPort!.postMessage({ ...message, ...(text ? { text } : {}), ...(html ? { html } : {}) });
});
