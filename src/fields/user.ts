import { Type } from 'typebox';
import { type Field, type FieldType, type Json, type ParseScope, sql } from '../engine/index.ts';
import { declared } from './declare.ts';
import { type LinkOptions, linkOperators, linkTo, parseId } from './link.ts';

/** Reads an id, or `me`, which means whoever asks. */
const idOrMe = (input: unknown, field: Field, _scope: ParseScope) =>
  input === 'me' ? 'me' : parseId(input, field);

const meant = (operand: Json, userId: string | null): Json => (operand === 'me' ? userId : operand);

/** A link to one user of this workspace. */
export const userType: FieldType<string> = linkTo(
  {
    name: 'user',
    label: 'User',
    help: 'Someone who works with this workspace, such as the owner of a deal.',
    icon: 'user',
    options: Type.Object({ inverse: Type.Optional(Type.String()) }),
    operators: {
      isMe: {
        label: 'is me',
        operand: 'none',
        sql: (cell, _operand, _field, scope) => sql`${cell()} = ${scope.userId}::uuid`,
        test: (value, _operand, _field, scope) => value === scope.userId,
      },
      ...linkOperators,
      is: {
        ...linkOperators.is!,
        parse: idOrMe,
        sql: (cell, operand, _field, scope) => sql`${cell()} = ${meant(operand, scope.userId)}::uuid`,
        test: (value, operand, _field, scope) => value === meant(operand, scope.userId),
      },
      isNot: {
        ...linkOperators.isNot!,
        parse: idOrMe,
        sql: (cell, operand, _field, scope) =>
          sql`(${cell()} = ${meant(operand, scope.userId)}::uuid) is not true`,
        test: (value, operand, _field, scope) => value === null || value !== meant(operand, scope.userId),
      },
    },
  },
  () => 'user',
);

/** A link to one user: `owner: user()`. */
export const user = declared<LinkOptions, string>(userType);
