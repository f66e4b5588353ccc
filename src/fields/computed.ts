/** What formulas and roll-ups share: they hold values of another type and answer as that type does. */
import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  type Json,
  no,
  type Operator,
  type Refusal,
  refuse,
  type Sql,
  type SqlScope,
} from '../engine/index.ts';
import { booleanType } from './boolean.ts';
import { dateType } from './date.ts';
import { dateTimeType } from './dateTime.ts';
import { decimalType } from './decimal.ts';
import { numberType } from './number.ts';
import type { Operators } from './operators.ts';
import { textType } from './text.ts';

const results = {
  text: textType,
  number: numberType,
  decimal: decimalType,
  boolean: booleanType,
  date: dateType,
  dateTime: dateTimeType,
} as unknown as Record<string, FieldType>;

/** Names of the types a result may have. */
export type Result = 'text' | 'number' | 'decimal' | 'boolean' | 'date' | 'dateTime';

/** Schema of the option `result`. */
export const resultSchema = Type.Optional(Type.Enum(Object.keys(results)));

/** The type of a computed field's values. */
export function resultType(field: Field): FieldType {
  return (
    results[(field.options.result as string | undefined) ?? 'number'] ?? (numberType as unknown as FieldType)
  );
}

/** Every operator any result type has; each asks the type of the field at hand, and `fits` says whether it knows it. */
function delegated(): Operators<Json> {
  const names = new Set(Object.values(results).flatMap(type => Object.keys(type.operators)));
  return Object.fromEntries([...names].map(name => [name, delegate(name)]));
}

function delegate(name: string): Operator<Json> {
  const known = Object.values(results).find(type => type.operators[name])!.operators[name]!;
  const of = (field: Field) => resultType(field).operators[name];
  return {
    label: known.label,
    operand: known.operand,
    ...(known.nulls ? { nulls: true } : {}),
    fits: field => of(field) !== undefined,
    parse: (operand, field, scope) => {
      const operator = of(field);
      if (!operator) return refuse('wrongOperator', `${field.label} cannot be filtered by ${name}.`);
      const type = resultType(field);
      const read = (item: unknown) => type.parse(item, field, scope);
      if (operator.parse) return operator.parse(operand, field, scope);
      if (operator.operand !== 'many' && operator.operand !== 'range') return read(operand);
      if (!Array.isArray(operand) || (operator.operand === 'range' && operand.length !== 2))
        return refuse(
          'wrongOperand',
          operator.operand === 'range' ? 'A range is [from, to].' : 'Give a list.',
        );
      const items = operand.map(read);
      return (
        (items.find(item => item instanceof Object && 'message' in item) as Refusal) ?? (items as Json[])
      );
    },
    sql: (cell, operand, field, scope) => of(field)?.sql(cell, operand, field, scope) ?? no,
    test: (value, operand, field, scope) => of(field)?.test(value, operand, field, scope) ?? false,
  };
}

/** A type whose values are computed by `compute`. */
export function computed(
  about: Pick<FieldType, 'name' | 'label' | 'help' | 'icon'> & Partial<FieldType>,
  compute: (field: Field, scope: SqlScope) => Sql,
): FieldType {
  return {
    storage: { kind: 'computed', sql: compute },
    schema: field => resultType(field).schema(field),
    parse: (_input, field) =>
      refuse('computed', `${field.label} is computed; change what it is computed from.`),
    format: (value, field, scope) => resultType(field).format(value, field, scope),
    json: (cell, field, scope) => resultType(field).json?.(cell, field, scope) ?? cell(),
    text: (cell, field, scope) => resultType(field).text?.(cell, field, scope) ?? cell(),
    operators: delegated(),
    sort: (cell, field, scope) => resultType(field).sort!(cell, field, scope),
    group: (cell, field, scope, bucket) => resultType(field).group!(cell, field, scope, bucket),
    buckets: dateType.buckets!,
    aggregates: {
      sum: numberType.aggregates!.sum!,
      avg: numberType.aggregates!.avg!,
      min: numberType.aggregates!.min!,
      max: numberType.aggregates!.max!,
    },
    samples: [],
    refused: [
      { input: 5, code: 'computed' },
      { input: 'x', code: 'computed' },
    ],
    ...about,
  };
}
