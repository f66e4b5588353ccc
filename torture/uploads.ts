/** Files on their way up when the lights go out. */
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';

/** An upload that was acknowledged. */
export interface Upload {
  id: string;
  text: string;
}

/** Sends files one after the other until told to stop. */
export async function sendFiles(journal: Journal, random: Random, kept: Upload[], stopped: () => boolean) {
  while (!stopped()) {
    const text = random.word(20).repeat(random.between(1, 100_000));
    const type = { 'content-type': 'application/octet-stream' };
    const answer = await journal.request('POST', `/api/uploads?name=${random.word(8)}`, text, type);
    if (answer?.status === 201) kept.push({ id: (JSON.parse(answer.text) as { id: string }).id, text });
    else if (answer && answer.status < 500)
      journal.violation(`An upload was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  }
}

/** What was acknowledged comes back as it was sent. */
export async function checkUploads(journal: Journal, uploads: Upload[]) {
  for (const { id, text } of uploads.slice(-10)) {
    const answer = await journal.request('GET', `/api/files/${id}/content`);
    if (answer?.status !== 200 || answer.text !== text)
      journal.violation(
        `The file ${id} was answered ${answer?.status} with ${answer?.text.length} of ${text.length} bytes`,
      );
  }
}
