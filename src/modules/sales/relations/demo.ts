/** Who is what to whom among the customers of Kaffeehaus Supplies, and what Katharina Moser is like. */
import { type Context, type Input, rows, update, write } from '../../../engine/index.ts';
import { idsByName } from '../../people/module.ts';
import { proposePromises } from './promise.ts';

/** From, kind, to, strength, stance. */
const known: [string, string, string, number, string | null][] = [
  ['Johann Pichler', 'reportsTo', 'Katharina Moser', 4, 'supporter'],
  ['Elisabeth Huber', 'reportsTo', 'Katharina Moser', 3, 'neutral'],
  ['Elisabeth Huber', 'influences', 'Johann Pichler', 3, 'supporter'],
  ['Stefan Brandstätter', 'atOddsWith', 'Miriam Adler', 2, 'sceptic'],
  ['Luca Meier', 'friendOf', 'Katharina Moser', 4, null],
];

export async function relationsDemo(ctx: Context): Promise<void> {
  const people = await idsByName(ctx, 'person');
  await write(
    ctx,
    'relation',
    known.flatMap(([from, kind, to, strength, stance]) => {
      const [one, other] = [people.get(from), people.get(to)];
      if (!one || !other) return [];
      const values: Input = {
        from: { object: 'person', id: one },
        kind,
        to: { object: 'person', id: other },
        strength,
        stance,
      };
      return [{ op: 'create' as const, values }];
    }),
  );
  const katharina = people.get('Katharina Moser');
  if (!katharina) return;
  const born = new Date(ctx.clock.now().getTime() + 12 * 86_400_000).toISOString().slice(5, 10);
  await update(ctx, 'person', katharina, {
    birthday: `1979-${born === '02-29' ? '02-28' : born}`,
    personal: 'Climbs at weekends, two daughters at the conservatory. Drinks her espresso short, no sugar.',
  });
  const [deal] = await rows(ctx, 'deal', {
    filter: { field: 'name', op: 'is', value: 'Machines for 14 hotels' },
    fields: ['owner'],
    limit: 1,
  });
  if (!deal) return;
  const owner = (deal.owner as { id: string } | null)?.id ?? null;
  const { results } = await write(ctx, 'note', [
    {
      op: 'create',
      values: {
        body: 'Katharina wants the terms for all houses in one contract. I will send her the revised service terms by Friday. She will name the two pilot hotels until the end of the month.',
        owner,
        about: [
          { object: 'person', id: katharina },
          { object: 'deal', id: deal.id as string },
        ],
      },
    },
  ]);
  await proposePromises(
    ctx,
    'note',
    results.map(({ id }) => id),
  );
}
