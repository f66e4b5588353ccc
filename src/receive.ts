/** `farley receive ADDRESS`: hands the letter on standard input to a Farley, from a pipe of a mail server. */
import { buffer } from 'node:stream/consumers';

/** What mail servers understand (sysexits.h): try again later, or give up as the letter itself is at fault. */
const [tryAgain, unreadable] = [75, 65];
/** Milliseconds after which one tries again later. */
const patience = 60_000;

/**
 * Posts the letter. What waiting may mend is to be tried again: no answer, too many at once, a defect, an address that was
 * switched off or has another key by now. Nothing of it comes back to whoever wrote.
 */
export async function receiveLetter(address: string): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: new Uint8Array(await buffer(process.stdin)),
    signal: AbortSignal.timeout(patience),
  }).catch((error: Error & { cause?: Error }) => refused(tryAgain, error.cause?.message ?? error.message));
  if (!answer) return;
  const { state, reason, detail } = (await answer.json().catch(() => ({}))) as {
    [part: string]: string | null | undefined;
  };
  if (answer.ok) console.log(reason ? `${state}: ${reason}` : state);
  else
    refused([413, 422].includes(answer.status) ? unreadable : tryAgain, `${answer.status} ${detail ?? ''}`);
}

function refused(code: number, why: string): null {
  console.error(`farley: the letter was not taken: ${why.trim()}`);
  process.exitCode = code;
  return null;
}
