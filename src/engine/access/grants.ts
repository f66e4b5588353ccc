/** Checking what a role grants, in the words of the form that edits it. */
import type { Problem } from '../errors.ts';
import type { Json } from '../field.ts';

const reaches = new Set(['none', 'own', 'team', 'teams', 'shared', 'all']);
const rights = new Set(['none', 'read', 'edit']);

/** What is wrong with the value of a role's `grants`; empty when nothing. */
export function grantProblems(grants: Json): Problem[] {
  const problems: Problem[] = [];
  const wrong = (at: string, message: string) =>
    problems.push({ pointer: `/grants${at}`, code: 'invalidGrant', message });
  if (!isMap(grants) || !isMap(grants.objects)) {
    wrong('', 'Rights have `objects`: object name → { create, read, edit, delete, export, verbs, fields }.');
    return problems;
  }
  for (const [object, grant] of Object.entries(grants.objects)) {
    const at = `/objects/${object}`;
    if (!isMap(grant)) wrong(at, 'Each object has a set of rights.');
    else for (const [action, value] of Object.entries(grant)) checkRight(at, action, value, wrong);
  }
  return problems;
}

function checkRight(
  at: string,
  action: string,
  value: Json | undefined,
  wrong: (at: string, message: string) => void,
) {
  const where = `${at}/${action}`;
  if (action === 'create') {
    if (typeof value !== 'boolean') wrong(where, '`create` is true or false.');
  } else if (action === 'fields') {
    const each = isMap(value) ? Object.values(value) : [null];
    if (!each.every(right => rights.has(right as string)))
      wrong(where, 'Fields are given `none`, `read` or `edit`.');
  } else if (action === 'verbs') {
    const each = isMap(value) ? Object.values(value) : [null];
    if (!each.every(isReach))
      wrong(where, 'Verbs are given `none`, `own`, `team`, `teams`, `shared`, `all` or a rule.');
  } else if (!['read', 'edit', 'delete', 'export'].includes(action)) {
    wrong(where, `There is no right called ${action}.`);
  } else if (!isReach(value)) {
    wrong(
      where,
      'It is `none`, `own`, `team`, `teams`, `shared`, `all`, or a rule such as {"rule": "owner == me"}.',
    );
  }
}

function isReach(value: Json | undefined): boolean {
  return reaches.has(value as string) || (isMap(value) && typeof value.rule === 'string');
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
