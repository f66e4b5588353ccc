/** Records as vCards (RFC 6350), of whatever field types know how to stand in one. */
import type { CardLine, Field, Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';

/** Whether records of these fields make vCards that say more than a name. */
export function hasCards(fields: Iterable<Field>): boolean {
  return [...fields].some(field => field.type.vCard !== undefined);
}

/** One card, its lines folded at 75 bytes. */
export function cardOf(object: ObjectModel, fields: Field[], record: Values, title: string): string {
  const lines: CardLine[] = fields.flatMap(field => {
    const value = (record[field.name] ?? null) as Json;
    return value === null || !field.type.vCard ? [] : field.type.vCard(value, field);
  });
  const all = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:urn:uuid:${record.id}`,
    // A card without FN is none.
    `FN:${escaped(title || object.spec.label)}`,
    ...lines.map(
      ({ name, value }) => `${name}:${typeof value === 'string' ? value : value.map(escaped).join(';')}`,
    ),
    'END:VCARD',
  ];
  return all.map(line => `${folded(line)}\r\n`).join('');
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n');
}

/** A letter of several bytes is not cut. */
function folded(line: string): string {
  let bytes = 0;
  let out = '';
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (bytes + size > 75) {
      out += '\r\n ';
      bytes = 1;
    }
    out += letter;
    bytes += size;
  }
  return out;
}
