/** From what administrators say of a new object or field to what the server takes. Pure. */
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { list, record, str } from '../../fields/read.tsx';
import { blank, schemaFields } from '../records/use-form.ts';

export type Options = { [name: string]: Json };

/** "Contract value" → `contractValue`, free among those taken. What has no Latin letters is numbered. */
export function nameFor(label: string, taken: string[]): string {
  const words = label
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const camel = words.map((word, index) =>
    index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
  );
  const name = camel.join('').replace(/^\d+/, '').slice(0, 36) || 'own';
  const base = name.charAt(0).toLowerCase() + name.slice(1);
  let free = base;
  for (let number = 2; taken.includes(free); number++) free = base + number;
  return free;
}

interface Words {
  choices: string;
  choicesHelp: string;
  to: string;
}

const plainKinds = ['string', 'integer', 'number', 'boolean'];

/** The questions a type's options ask: choices line by line, the object a link leads to, and what else is simple. */
export function optionFields(schema: Options | null, objects: MetaObject[], words: Words): MetaField[] {
  const properties = record(schema?.properties);
  const required = list(schema?.required);
  const fields: MetaField[] = [];
  if (properties.choices)
    fields.push({
      ...blank,
      name: 'choices',
      label: words.choices,
      help: words.choicesHelp,
      required: true,
      type: 'longText',
    });
  if (properties.to && required.includes('to'))
    fields.push({
      ...blank,
      name: 'to',
      label: words.to,
      required: true,
      type: 'choice',
      options: { choices: objects.map(object => ({ value: object.name, label: object.plural })) },
    });
  const rest = Object.entries(properties).filter(
    ([name, property]) =>
      !['choices', 'to', 'inverse'].includes(name) && plainKinds.includes(str(record(property).type)),
  );
  return [...fields, ...schemaFields({ properties: Object.fromEntries(rest), required })];
}

/** The form's answers as options: lines become choices, what was left empty is left out. */
export function optionsFrom(values: Record<string, Json>): Options {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(
    given.map(([name, value]) => [name, name === 'choices' ? choicesFrom(str(value)) : value]),
  );
}

function choicesFrom(text: string): Json[] {
  const taken: string[] = [];
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  return lines.map(label => {
    const value = nameFor(label, taken);
    taken.push(value);
    return { value, label };
  });
}
