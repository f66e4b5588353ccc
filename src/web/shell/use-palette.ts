/** What the palette offers: places, things to make, what the open record can do, and records by their words. */

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import type { Meta } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { type Row, read } from '../api.ts';
import { inText } from '../model/language.ts';
import { lookOf, objectAt, objectNamed, useMeta } from '../model/meta.tsx';
import { usePages } from '../model/pages.ts';
import { keys } from '../model/records.ts';
import { useViews } from '../model/views.ts';
import { verbsFor } from '../records/RecordHead.tsx';
import { openDialog } from './dialogs.ts';
import { groupsOf } from './places.ts';

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

const pages = [
  ['/settings/profile', 'settings', 'settings.title'],
  ['/settings/notifications', 'bell', 'settings.notifications.title'],
  ['/import', 'upload', 'shell.import'],
  ['/changes', 'history', 'changes.title'],
] as const;

/** Everything that has an address of its own: lists, settings, what was done. */
function usePlaces(meta: Meta): Command[] {
  const { t } = useTranslation();
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

export function usePalette(text: string): { commands: Command[]; searching: boolean } {
  const { t } = useTranslation();
  const meta = useMeta();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  const typed = useDeferredValue(text.trim());
  const hits = useHits(typed);
  const here = params.object ? objectAt(meta, params.object) : undefined;
  const open = here && params.id ? client.getQueryData<Row>(keys.record(here.name, params.id)) : undefined;

  const verbs = here && open ? verbsFor(here, open) : [];
  const does = verbs.map(
    (verb): Command => ({
      id: `verb-${verb.name}`,
      section: t('palette.here'),
      label: verb.label,
      hint: verb.description,
      icon: verb.icon,
      run: () => openDialog({ kind: 'verb', object: here?.name ?? '', id: open?.id ?? '', verb: verb.name }),
    }),
  );
  const goes = usePlaces(meta);
  const makes = meta.objects
    .filter(object => object.can.create && !object.setup && object.listed)
    .map(
      (object): Command => ({
        id: `new-${object.name}`,
        section: t('palette.create'),
        label: t('list.create', { object: inText(object.label) }),
        icon: 'plus',
        run: () => openDialog({ kind: 'create', object: object.name }),
      }),
    );
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
  const fixed = typed
    ? [...does, ...goes, ...makes].filter(command => matches(command.label, typed))
    : [...does, ...goes.slice(0, 8), ...makes.slice(0, 4)];
  return { commands: [...found, ...fixed], searching: hits.isFetching };
}
