/** Who else wants the deals of Kaffeehaus Supplies, who takes part in its largest, and who shares in what. */
import { type Context, create, type Input, write } from '../../../engine/index.ts';

interface Cast {
  staff: Map<string, string>;
  persons: Map<string, string>;
  /** By name. */
  deals: Map<string, string>;
}

/** Deal, competitor, standing, strengths, weaknesses. */
const fought: [string, string, string, string | null, string | null][] = [
  ['Machines for 14 hotels', 'Adria Espresso', 'behind', 'Cheaper by a tenth', 'No service on Sundays'],
  ['Machines for 14 hotels', 'Bohnenwerk', 'level', 'Knows the house in Zell am See', null],
  ['Office coffee, 9 floors', 'Bohnenwerk', 'ahead', 'Has the floors below', 'Plastic capsules'],
  ['Eight bakery shops', 'Adria Espresso', 'behind', null, 'Delivers in ten weeks'],
  ['Lake terrace espresso', 'Adria Espresso', 'behind', null, null],
  ['Studio kitchen', 'Adria Espresso', 'ahead', 'Cheaper by a fifth', null],
];

export async function contestedDemo(ctx: Context, { staff, persons, deals }: Cast): Promise<void> {
  const rivals = new Map<string, string>();
  for (const name of new Set(fought.map(([, competitor]) => competitor)))
    rivals.set(name, await create(ctx, 'company', { name, type: 'competitor', sector: 'manufacturing' }));
  await write(
    ctx,
    'rival',
    fought.map(([deal, competitor, standing, strengths, weaknesses]) => ({
      op: 'create',
      values: {
        deal: deals.get(deal)!,
        competitor: rivals.get(competitor)!,
        standing,
        strengths,
        weaknesses,
      },
    })),
  );
  const campus = deals.get('Campus cafeterias')!;
  const shares: [string, string, number][] = [
    ['Tom', 'revenue', 70],
    ['Sina', 'revenue', 30],
    ['Leyla', 'overlay', 10],
  ];
  await write(
    ctx,
    'dealSplit',
    shares.map(([name, kind, share]) => ({
      op: 'create',
      values: { deal: campus, user: staff.get(name)!, kind, share },
    })),
  );
  const taking = (name: string, role: string) => ({ id: persons.get(name)!, role });
  const told: [string, Input][] = [
    ['Campus cafeterias', { isSplit: true }],
    ['Studio kitchen', { lostReason: 'competitor', lostTo: rivals.get('Adria Espresso')! }],
    [
      'Machines for 14 hotels',
      {
        contacts: [
          taking('Katharina Moser', 'Decision maker'),
          taking('Johann Pichler', 'Champion'),
          taking('Elisabeth Huber', 'Head of the restaurants'),
          taking('Luca Meier', 'Reference'),
        ],
      },
    ],
  ];
  await write(
    ctx,
    'deal',
    told.map(([name, values]) => ({ op: 'update', id: deals.get(name)!, values })),
    { trusted: true },
  );
}
