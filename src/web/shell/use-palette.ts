/** What the palette offers: places, things to make, what the open record can do, and records by their words. */

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { type Translate, t } from '../../kit/words.ts';
import { type Row, read, write } from '../api.ts';
import { languages } from '../i18n.ts';
import { byHabit, oftenUsed, useHabits } from '../model/habits.ts';
import { inText } from '../model/language.ts';
import { useLooks } from '../model/looks.ts';
import { lookOf, metaKey, objectAt, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { usePages } from '../model/pages.ts';
import { fail, keys } from '../model/records.ts';
import { inSight } from '../model/sight.ts';
import { useViews } from '../model/views.ts';
import { verbsFor } from '../records/Verbs.tsx';
import { openDialog } from './dialogs.ts';
import { groupsOf } from './places.ts';
import { schemes } from './UserMenu.tsx';

export interface Command {
  id: string;
  section: string;
  label: string;
  hint?: string;
  icon: string;
  /** A record's id, where the entry is one and has an avatar. */
  avatar?: { id: string; round: boolean };
  run(): void;
}

interface Hit {
  object: string;
  id: string;
  title: string;
  subtitle: string | null;
  matched: { field: string; label: string; snippet: string } | null;
}

function matches(label: string, text: string): boolean {
  const words = label.toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every(part => words.includes(part));
}

function useHits(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) =>
      read<{ data: Hit[] }>(`/api/search?q=${encodeURIComponent(text)}&limit=12`, { signal }),
    enabled: text.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

function hintOf(meta: Meta, hit: Hit): string {
  const label = objectNamed(meta, hit.object)?.label ?? '';
  return [hit.subtitle, label].filter(Boolean).join(' · ');
}

/** How a record that was found looks in the list. */
function entryOf(meta: Meta, hit: Hit): Pick<Command, 'id' | 'label' | 'hint' | 'icon' | 'avatar'> {
  const look = lookOf(meta, hit.object);
  const pictured = look === 'round' || look === 'square';
  return {
    id: `${hit.object}-${hit.id}`,
    label: hit.title,
    hint: hintOf(meta, hit),
    icon: objectNamed(meta, hit.object)?.icon ?? 'point',
    avatar: pictured ? { id: hit.id, round: look === 'round' } : undefined,
  };
}

const densities = ['compact', 'normal', 'comfortable'] as const;

const pages = [
  ['/settings/profile', 'settings', 'settings.title'],
  ['/settings/notifications', 'bell', 'settings.notifications.title'],
  ['/settings/keyboard', 'keyboard', 'settings.keyboard.title'],
  ['/import', 'upload', 'shell.import'],
  ['/changes', 'history', 'changes.title'],
] as const;

/** Everything that has an address of its own: lists, settings, what was done. */
function usePlaces(meta: Meta): Command[] {
  const navigate = useNavigate();
  const section = t('palette.go');
  const { groups, rest } = groupsOf(meta);
  const lists = [...groups.flatMap(group => group.objects), ...rest].map(
    (object): Command => ({
      id: `go-${object.name}`,
      section,
      label: object.plural,
      icon: object.icon,
      run: () => void navigate({ to: '/$object', params: { object: object.path } }),
    }),
  );
  const ofModules = usePages().map(({ path, icon, title }) => [path, icon, title] as const);
  const others = [...ofModules, ...pages].map(
    ([to, icon, words]): Command => ({
      id: to,
      section,
      label: t(words),
      icon,
      run: () => void navigate({ to }),
    }),
  );
  const queues = meta.objects
    .filter(object => object.duplicates.length > 0)
    .map(
      (object): Command => ({
        id: `duplicates-${object.name}`,
        section,
        label: t('list.duplicatesOf', { objects: inText(object.plural) }),
        icon: 'arrow-merge',
        run: () => void navigate({ to: '/duplicates/$object', params: { object: object.path } }),
      }),
    );
  const saved = useViews().views.flatMap((view): Command[] => {
    const object = objectNamed(meta, str(view.object));
    if (!object) return [];
    const run = () =>
      void navigate({ to: '/$object', params: { object: object.path }, search: { view: view.id } });
    return [
      {
        id: `view-${view.id}`,
        section,
        label: t('view.goTo', { view: str(view.name) }),
        hint: object.plural,
        icon: str(view.icon) || object.icon,
        run,
      },
    ];
  });
  return [...lists, ...others, ...queues, ...saved];
}

/** Settings of one's own that are changed without going anywhere. */
function useSettings(meta: Meta): Command[] {
  const client = useQueryClient();
  const looks = useLooks();
  const section = t('palette.setting');
  const setting = (id: string, label: string, icon: string, run: () => void): Command => ({
    id,
    section,
    label,
    icon,
    run,
  });
  async function speakTo(language: string) {
    try {
      await write('PATCH', '/api/me', { language });
      await client.invalidateQueries({ queryKey: metaKey });
    } catch (error) {
      fail(error);
    }
  }
  const listed = inSight();
  const spoken = meta.me.language ?? meta.workspace.locale.split('-')[0];
  return [
    ...schemes.map(([scheme, icon]) =>
      setting(`theme-${scheme}`, t('palette.theme', { name: t(`shell.scheme.${scheme}`) }), icon, () =>
        looks.change({ scheme }),
      ),
    ),
    ...(listed
      ? densities.map(density =>
          setting(
            `density-${density}`,
            t('palette.density', { name: t(`display.${density}`) }),
            'menu-2',
            () => listed.setDensity(density),
          ),
        )
      : []),
    ...languages
      .filter(language => language !== spoken)
      .map(language => {
        const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
        return setting(
          `language-${language}`,
          t('palette.language', { name }),
          'language',
          () => void speakTo(language),
        );
      }),
  ];
}

/** What can be done to the record that is open, or in sight of the list. */
function useDoes(meta: Meta): Command[] {
  const client = useQueryClient();
  const params = useParams({ strict: false });
  const here = params.object ? objectAt(meta, params.object) : undefined;
  if (!here) return [];
  const listed = inSight();
  if (!params.id && listed?.object === here.name && listed.many) return doesToMany(t, here, listed.many);
  const open = params.id
    ? client.getQueryData<Row>(keys.record(here.name, params.id))
    : listed?.object === here.name && listed.row;
  if (!open) return [];
  const section = (!params.id && titleOf(meta, here, open)) || t('palette.here');
  return verbsFor(here, open).map(verb => ({
    id: `verb-${here.name}-${verb.name}`,
    section,
    label: verb.label,
    hint: verb.description,
    icon: verb.icon,
    run: () => openDialog({ kind: 'verb', object: here.name, id: open.id, verb: verb.name }),
  }));
}

/** The same for all that are chosen in a list. */
function doesToMany(
  t: Translate,
  object: MetaObject,
  { count, run }: NonNullable<NonNullable<ReturnType<typeof inSight>>['many']>,
): Command[] {
  const section = t('bulk.selected', { count });
  const verbs = object.verbs
    .filter(({ name, own }) => name !== 'merge' && !own)
    .map(verb => ({
      id: `verb-${object.name}-${verb.name}`,
      section,
      label: verb.label,
      hint: verb.description,
      icon: verb.icon,
      run: () =>
        openDialog({
          kind: 'verb',
          object: object.name,
          id: null,
          verb: verb.name,
          many: { count, run: input => run({ act: 'verb', verb: verb.name, input }) },
        }),
    }));
  const trash: Command = {
    id: `delete-${object.name}`,
    section,
    label: t('bulk.delete'),
    icon: 'trash',
    run: () => run({ act: 'delete' }),
  };
  return object.can.delete ? [...verbs, trash] : verbs;
}

function useMakes(meta: Meta): Command[] {
  return meta.objects
    .filter(object => object.can.create && !object.setup && object.listed)
    .map(object => ({
      id: `new-${object.name}`,
      section: t('palette.create'),
      label: t('list.create', { object: inText(object.label) }),
      icon: 'plus',
      run: () => openDialog({ kind: 'create', object: object.name }),
    }));
}

/** Commands that fit what was typed, or those one would want before: what is in sight, and what one often uses. */
function useCommands(meta: Meta, typed: string): Command[] {
  const { uses, use } = useHabits();
  const does = useDoes(meta);
  const goes = usePlaces(meta);
  const makes = useMakes(meta);
  const settings = useSettings(meta);
  const now = Date.now();
  const often = oftenUsed([...goes, ...makes, ...settings], uses, now);
  const rest = (commands: Command[]) => commands.filter(command => !often.includes(command));
  const fit = [...does, ...goes, ...makes, ...settings].filter(({ label, section }) =>
    matches(`${label} ${section}`, typed),
  );
  const shown = typed
    ? byHabit(fit, uses, now)
    : [
        ...does,
        ...often.map(command => ({ ...command, section: t('palette.often') })),
        ...rest(goes).slice(0, 8),
        ...rest(makes).slice(0, 4),
      ];
  return shown.map(command => ({
    ...command,
    run() {
      use(command.id);
      command.run();
    },
  }));
}

/** `behind`: the commands are still those of what was typed before. */
export function usePalette(text: string): { commands: Command[]; searching: boolean; behind: boolean } {
  const meta = useMeta();
  const navigate = useNavigate();
  const typed = useDeferredValue(text.trim());
  const hits = useHits(typed);
  const commands = useCommands(meta, typed);
  const found = (typed.length > 1 ? (hits.data?.data ?? []) : []).map(
    (hit): Command => ({
      ...entryOf(meta, hit),
      section: t('palette.records'),
      run: () =>
        void navigate({
          to: '/$object/$id',
          params: { object: objectNamed(meta, hit.object)?.path ?? hit.object, id: hit.id },
        }),
    }),
  );
  const { isFetching, isPlaceholderData } = hits;
  const behind = typed !== text.trim() || (isPlaceholderData && isFetching);
  return { commands: [...found, ...commands], searching: isFetching, behind };
}
