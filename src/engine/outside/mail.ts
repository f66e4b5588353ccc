/** Sending mail, by SMTP (RFC 5321): the one way by which letters leave Farley. */
import { createTransport } from 'nodemailer';

export interface Letter {
  to: string;
  subject: string;
  text: string;
  html?: string;
  headers?: Record<string, string>;
  /** An appointment that mail programs take into their calendars (RFC 6047). */
  calendar?: { method: 'REQUEST' | 'CANCEL'; content: string };
  /** Makes the Message-ID: the same letter sent twice is one to mail servers that look at it. */
  id?: string;
}

export interface Mailer {
  /** Who letters are from: `Farley <farley@example.com>`. */
  from: string;
  /** Hands a letter over; throws where the server refuses it, or does not answer. */
  send(letter: Letter): Promise<void>;
  close(): void;
}

/** Milliseconds that a mail server may take to answer. */
const patience = 20_000;

/** A mailer by `smtp://user:password@host:587` or `smtps://…`; connections are kept for a while. */
export function createMailer(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: 2 * patience,
    // Letters are made by us: nothing in them makes files or pages of others be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = /@([^>\s]+)/.exec(from)?.[1] ?? 'farley.invalid';
  return {
    from,
    async send({ id, calendar, ...letter }) {
      await transport.sendMail({
        from,
        ...letter,
        ...(calendar ? { icalEvent: { ...calendar, filename: 'invitation.ics' } } : {}),
        ...(id ? { messageId: `<${id}@${host}>` } : {}),
      });
    },
    close: () => transport.close(),
  };
}

/** Text as it stands in a page. */
export function escaped(text: string): string {
  const marks: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, mark => marks[mark]!);
}
