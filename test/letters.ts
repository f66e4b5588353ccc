/** A mail server of a test's own, which keeps what it is given: Farley hands its letters over to it as to any other. */
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { vi } from 'vitest';

export interface LetterBox {
  /** Settings with which Farley hands its letters over to it. */
  env: { FARLEY_SMTP_URL: string; FARLEY_MAIL_FROM: string };
  /** The first letter to an address, or to anyone, once it has come. */
  letter(to?: string): Promise<Email>;
  /** Takes no more letters. */
  close(): Promise<void>;
}

/** Listens on a free port until it is closed; takes letters from anyone, without a password and in the clear. */
export async function catchLetters(): Promise<LetterBox> {
  const letters: Email[] = [];
  const post = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, _session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      letters.push(await PostalMime.parse(Buffer.concat(chunks)));
      done();
    },
  });
  await new Promise<void>(resolve => post.listen(0, '127.0.0.1', resolve));
  const { port } = post.server.address() as AddressInfo;
  /** Whoever else it goes to. */
  const found = (to?: string) => letters.find(each => !to || each.to?.[0]?.address === to);
  return {
    env: { FARLEY_SMTP_URL: `smtp://127.0.0.1:${port}`, FARLEY_MAIL_FROM: 'Farley <crm@farley.test>' },
    letter: to => vi.waitUntil(() => found(to), { timeout: 20_000 }) as Promise<Email>,
    close: () => new Promise<void>(resolve => post.close(() => resolve())),
  };
}
