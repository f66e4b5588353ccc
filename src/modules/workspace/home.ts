/** Where the day begins: which blocks stand on someone's first page, for a role or for themselves. */
import { type Draft, defineObject, type Json, type Problem } from '../../engine/index.ts';
import { choice, json, link, text, user } from '../../fields/index.ts';

const kinds = ['tasks', 'today', 'attention', 'seen', 'favourites', 'recent', 'targets'];
/** The cards of the dashboards; who draws them is held to this list by its type. */
const cards = [
  'figures',
  'goal',
  'funnel',
  'overTime',
  'revenue',
  'winRates',
  'sellers',
  'attainment',
  'stageTimes',
  'velocity',
  'reasons',
  'sources',
  'rivals',
] as const;
export type DashboardCard = (typeof cards)[number];
const places = ['main', 'side', 'below'];
/** More are no page but a heap. */
const most = 24;

export const Home = defineObject('home', {
  label: 'Home page',
  plural: 'Home pages',
  path: 'homes',
  icon: 'home',
  description: 'What stands where on the page with which the day begins.',
  title: 'name',
  setup: true,
  personal: { audience: 'visibility' },
  listed: false,
  owner: 'owner',
  fields: {
    name: text({ required: true, searchable: false }),
    page: text({ default: 'home', hidden: true, searchable: false, help: 'Which page: home or dashboards.' }),
    blocks: json({
      default: [],
      searchable: false,
      help: 'List of { kind, at, view }: tasks, today, attention, seen, favourites, recent, targets or view; main, side or below.',
    }),
    visibility: choice({
      choices: [
        { value: 'private', label: 'Only me' },
        { value: 'everyone', label: 'Everyone' },
      ],
      default: 'private',
      required: true,
      label: 'Who sees it',
    }),
    owner: user(),
    defaultFor: link('role', {
      administered: true,
      help: 'People of this role have it, unless they arrange their own. It has to be for everyone.',
    }),
  },
  list: { columns: ['name', 'visibility', 'defaultFor', 'owner'], sort: ['name'] },
  highlights: ['visibility', 'defaultFor', 'owner'],
  check: draft => [...problemsOfBlocks(draft), ...problemsOfRole(draft)],
});

function problemsOfBlocks({ record, changes }: Draft): Problem[] {
  if (!changes('blocks') && !changes('page')) return [];
  const message = `Blocks are a list of at most ${most} { kind, at }; a view has the id of one besides.`;
  const { blocks = null, page } = record;
  const known: readonly string[] = page === 'dashboards' ? cards : [...kinds, 'view'];
  if (!Array.isArray(blocks) || blocks.length > most)
    return [{ pointer: '/blocks', code: 'notAList', message }];
  return blocks.flatMap((block, index) =>
    isBlock(block, known) ? [] : [{ pointer: `/blocks/${index}`, code: 'notABlock', message }],
  );
}

function isBlock(block: Json, known: readonly string[]): boolean {
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return false;
  const { kind, at, view = null } = block;
  const sound = known.includes(String(kind)) && places.includes(String(at));
  return sound && (kind === 'view') === (typeof view === 'string');
}

function problemsOfRole({ record }: Draft): Problem[] {
  if (record.defaultFor === null || record.visibility === 'everyone') return [];
  const message = 'Only a home page for everyone can be that of a role.';
  return [{ pointer: '/defaultFor', code: 'notForEveryone', message }];
}
