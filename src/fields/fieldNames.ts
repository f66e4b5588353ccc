import { Type } from 'typebox';
import { type Field, type FieldType, Refusal, refuse } from '../engine/index.ts';
import { choicesType, listOperators, splitWords } from './choices.ts';
import { declared } from './declare.ts';

export interface FieldNamesOptions {
  /** The object whose fields they are, or where the record says which: in the field `says` of the `object` that `link` leads to. */
  of: string | { link: string; object: string; says: string };
  /** Only what can be added up, or days and moments. */
  which?: 'amounts' | 'moments';
  /** One at most. */
  one?: true;
}

function parseOne(input: unknown, field: Field): string | Refusal {
  const name = typeof input === 'string' ? input.trim() : '';
  if (/^[a-z][a-zA-Z0-9]{0,39}$/.test(name)) return name;
  return refuse('notAName', `${field.label} takes names of fields, such as closeDate.`);
}

function parse(input: unknown, field: Field): string[] | null | Refusal {
  const items = typeof input === 'string' ? splitWords(input) : input;
  if (!Array.isArray(items) || items.length > 200)
    return refuse('notAList', `${field.label} takes a list of names of fields, 200 at most.`);
  const names: string[] = [];
  for (const [index, item] of items.entries()) {
    const name = parseOne(item, field);
    if (name instanceof Refusal) return refuse(name.code, name.message, `/${index}`);
    if (!names.includes(name)) names.push(name);
  }
  if (field.options.one && names.length > 1)
    return refuse('notAList', `${field.label} takes the name of one field.`);
  return names.length > 0 ? names : null;
}

const list = (input: unknown, field: Field): string[] | Refusal =>
  parse(input, field) ?? refuse('wrongOperand', 'Give at least one name.');

/**
 * Fields of an object by their names, in the order stated. Whether there are such fields, the model knows: who keeps some
 * checks them (`Draft.problemsOf`).
 */
export const fieldNamesType: FieldType<string[]> = {
  ...choicesType,
  name: 'fieldNames',
  label: 'Fields',
  help: 'Fields of a kind of record, such as those that have to be filled.',
  icon: 'forms',
  options: Type.Object({
    of: Type.Union([
      Type.String(),
      Type.Object({ link: Type.String(), object: Type.String(), says: Type.String() }),
    ]),
    which: Type.Optional(Type.Enum(['amounts', 'moments'])),
    one: Type.Optional(Type.Literal(true)),
  }),
  schema: () => Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
  parse,
  format: value => value.join('; '),
  operators: listOperators(parseOne, list),
  searchText: value => value,
  samples: [
    {
      input: ['closeDate', 'amount', 'closeDate'],
      value: ['closeDate', 'amount'],
      text: 'closeDate; amount',
    },
    { input: 'amount; nextStep', value: ['amount', 'nextStep'], text: 'amount; nextStep' },
    { input: ['x1'], value: ['x1'], text: 'x1' },
  ],
  refused: [
    { input: ['close date'], code: 'notAName' },
    { input: [7], code: 'notAName' },
    { input: 7, code: 'notAList' },
  ],
  sampleOptions: { of: 'deal' },
};

/** Fields of an object: `requires: fieldNames({ of: 'deal' })`. */
export const fieldNames = declared<FieldNamesOptions, string[]>(fieldNamesType);
