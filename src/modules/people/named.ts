/** What people are called who have told no name. */
import type { Json, Values } from '../../engine/index.ts';

/** Mailboxes that several people read: no one is called so. */
const shared = new Set(
  'abuse accounting accounts admin administration alert alerts billing booking bookings bot buchhaltung care career careers clientes compras contact contacto contatto customer customers daemon desk direction dispo donotreply einkauf email enquiries enquiry events facturacion feedback finance general hallo hello help helpdesk hola hr info information inquiries invoice invoices it jobs kontakt kundenservice legal mail mailer mailing manager marketing media member members my news newsletter no nobody noreply notification notifications office online orders payroll post postmaster presse press privacy pr purchasing rechnung rechnungen reception recruiting redaktion reply reservations root sales sekretariat service services shop staff subscriptions support team tech test unsubscribe user vendas ventas vente verkauf vertrieb web webmaster welcome'.split(
    ' ',
  ),
);

/**
 * The name that an e-mail address is made of: `maria.lopez@acme.example` is Maria Lopez. Others, such as `info@` or
 * `mlopez@`, name nobody for certain, and are answered as they stand.
 */
export function nameInEmail(address: string): string {
  const [mailbox = ''] = address.split('@');
  const words = mailbox
    .replace(/\+.*$/, '')
    .replace(/\d{1,4}$/, '')
    .split(/[._]/);
  const named = words.every(word => /^\p{L}[\p{L}\p{M}'’-]*$/u.test(word) && !shared.has(word.toLowerCase()));
  const whole = words.filter(word => word.length > 1);
  return named && words.length > 1 && words.length < 5 && whole.length > 0 && words.at(-1)!.length > 1
    ? words.map(written).join(' ')
    : address;
}

/** "LOPEZ" and "lopez" are Lopez, an initial has a dot, and what somebody has written in both cases stays. */
function written(word: string): string {
  if (word.length === 1) return `${word.toUpperCase()}.`;
  const mixed = word !== word.toLowerCase() && word !== word.toUpperCase();
  const small = mixed ? word : word.toLowerCase();
  return small.replace(/(^|[-'’])\p{L}/gu, start => start.toUpperCase());
}

/** A name for who has told none: of the e-mail address, else whatever there is that leads to them. */
export function nameOf(record: Values, others: string[]): Json {
  if (typeof record.email === 'string') return { full: nameInEmail(record.email) };
  const other = others.map(field => record[field]).find(value => typeof value === 'string' && value);
  return other === undefined ? null : { full: other };
}
