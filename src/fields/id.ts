import { Type } from 'typebox';
import { type FieldType, fieldOf, sql } from '../engine/index.ts';
import { otherId, parseId, sampleId } from './link.ts';
import { equality, plainOrder } from './operators.ts';

/** What tells a record from all others: a UUID, version 7. */
export const idType: FieldType<string> = {
  name: 'id',
  label: 'Id',
  help: 'What tells a record from all others.',
  icon: 'fingerprint',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'uuid' }], put: value => [value] },
  schema: () => Type.String({ format: 'uuid' }),
  parse: parseId,
  format: value => value,
  operators: equality<string>({ type: 'uuid', key: value => value }),
  sort: plainOrder('uuid'),
  group: cell => cell(),
  cel: { type: 'string', sql: cell => sql`(${cell()})::text` },
  samples: [
    { input: sampleId, value: sampleId, text: sampleId },
    { input: otherId.toUpperCase(), value: otherId, text: otherId },
    { input: { id: otherId }, value: otherId, text: otherId },
  ],
  refused: [
    { input: '12', code: 'notAnId' },
    { input: 12, code: 'notAnId' },
  ],
};

/** The id of a record; objects get theirs from `systemFields`. */
export const id = fieldOf(idType);
