/** The settings of the workspace: what it is called, and how its people write dates, numbers, amounts and phone numbers. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context, WorkspaceSettings } from '../context.ts';
import { FarleyError, type Problem } from '../errors.ts';
import { note } from '../records/note.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import type { Route } from './app.ts';
import { compileInput } from './validate.ts';

type Changeable = Omit<WorkspaceSettings, 'name'>;

const text = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description }));
const Body = Type.Object(
  {
    label: text('What the workspace is called.'),
    locale: text('BCP 47, for instance de-AT.'),
    timeZone: text('IANA, for instance Europe/Vienna.'),
    country: text('ISO 3166 alpha-2: of phone numbers written without a prefix.'),
    currency: text('ISO 4217: of amounts written without one.'),
  },
  { additionalProperties: false },
);
const readBody = compileInput<Partial<Changeable>>(Body);

/** `changed` makes a new setting known to this process. */
export function workspaceRoutes(changed: (workspace: string) => void): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/workspace',
      policy: 'signedIn',
      doc: { summary: 'Settings of the workspace', tag: 'Platform' },
      handler: async request => request.ctx.settings,
    },
    {
      method: 'PATCH',
      url: '/api/workspace',
      policy: 'administrator',
      doc: { summary: 'Change settings of the workspace', tag: 'Platform', body: Body },
      handler: async (request: FastifyRequest) => {
        const settings = await changeSettings(request.ctx, readBody(request.body ?? {}));
        changed(settings.name);
        return settings;
      },
    },
  ];
}

async function changeSettings(ctx: Context, change: Partial<Changeable>): Promise<WorkspaceSettings> {
  const problems = problemsOf(change);
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
  const { name, label, ...rest } = { ...ctx.settings, ...change };
  await inTransaction(ctx, async (inside, tx) => {
    await tx.run(
      sql`update farley.workspace set label = ${label}, settings = ${JSON.stringify(rest)}::jsonb, model_version = model_version + 1
        where name = ${name}`,
    );
    const payload = Object.fromEntries(
      Object.entries(change).map(([key, after]) => [key, [ctx.settings[key as keyof Changeable], after]]),
    );
    await note(inside, { event: 'workspace.changed', label: 'Workspace settings', payload });
  });
  return { name, label, ...rest };
}

function problemsOf(change: Partial<Changeable>): Problem[] {
  const wrong: [keyof Changeable, string, (value: string) => unknown][] = [
    ['locale', 'A locale looks like en or de-AT.', value => new Intl.Locale(value)],
    [
      'timeZone',
      'A time zone looks like Europe/Vienna.',
      value => new Intl.DateTimeFormat('en', { timeZone: value }),
    ],
    ['country', 'A country is two letters, such as AT.', value => known(/^[A-Z]{2}$/.test(value))],
    [
      'currency',
      'A currency is three letters, such as EUR.',
      value => known(Intl.supportedValuesOf('currency').includes(value)),
    ],
  ];
  return wrong.flatMap(([name, message, check]) => {
    const value = change[name];
    if (value === undefined) return [];
    try {
      check(value);
      return [];
    } catch {
      return [{ pointer: `/${name}`, code: 'notAccepted', message }];
    }
  });
}

function known(yes: boolean) {
  if (!yes) throw new RangeError();
}
