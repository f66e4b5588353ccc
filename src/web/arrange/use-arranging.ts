/** Laying out the pages of an object: for whom, what was done so far, keeping it. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import { record, str } from '../../fields/read.tsx';
import { t } from '../../kit/words.ts';
import { write } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import {
  derivedLayout,
  laidOut,
  type PageLayout,
  roleOf,
  storedFor,
  storedValues,
  useLayouts,
} from '../model/page-layout.ts';
import { fail, keys, useActions, useRecords } from '../model/records.ts';

interface Role {
  id: string;
  name: string;
  label: string;
  /** Names of the object's fields that it does not see. */
  blind: Set<string>;
}

function useRoles(object: MetaObject): Role[] {
  const meta = useMeta();
  const kind = objectNamed(meta, 'role');
  const found = useRecords(
    kind ?? object,
    { fields: ['name', 'label', 'grants'], sort: ['label'], limit: 200 },
    kind !== undefined,
  );
  return rowsOf(found.data).map(row => {
    const objects = record(record(row.grants).objects);
    const fields = record(record(objects[object.name] ?? objects['*']).fields);
    const blind = Object.keys(fields).filter(name => fields[name] === 'none');
    return { id: row.id, name: str(row.name), label: str(row.label), blind: new Set(blind) };
  });
}

/** As people of a role get it: without what they may not read. */
export function seenBy(layout: PageLayout, blind: Set<string>): PageLayout {
  const seen = (names: string[]) => names.filter(name => !blind.has(name));
  return {
    ...layout,
    head: seen(layout.head),
    facts: layout.facts.map(section => ({ ...section, fields: seen(section.fields) })),
    panels: layout.panels.filter(({ panel }) => !blind.has(panel)),
  };
}

export function useArranging(object: MetaObject, onDone: () => void) {
  const meta = useMeta();
  const client = useQueryClient();
  const actions = useActions();
  const kind = objectNamed(meta, 'layout');
  const roles = useRoles(object);
  const { layouts } = useLayouts();
  const [roleName, setRoleName] = useState('');
  const [draft, setDraft] = useState<PageLayout | null>(null);
  const [busy, setBusy] = useState(false);
  const role = roles.find(({ name }) => name === roleName);
  const own = layouts.find(row => row.object === object.name && (roleOf(row) ?? '') === roleName);
  const base = storedFor(layouts, object.name, roleName);
  const layout = draft ?? (base ? laidOut(meta, object, base) : derivedLayout(meta, object));

  async function keep(work: () => ReturnType<typeof write>, text: string) {
    setBusy(true);
    try {
      const { changeSet } = await work();
      if (kind) await client.invalidateQueries({ queryKey: keys.lists(kind.name) });
      actions.settled(text, changeSet);
      onDone();
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }

  const path = `/api/${kind?.path ?? 'layouts'}`;
  const given: Json = { object: object.name, role: role?.id ?? null, ...storedValues(layout) };
  return {
    layout,
    change: setDraft,
    changed: draft !== null,
    busy,
    roles,
    role,
    roleName,
    choose(name: string) {
      setRoleName(name);
      setDraft(null);
    },
    /** Whether there is something to go back from. */
    stored: own !== undefined,
    save: () =>
      keep(
        () =>
          own
            ? write('PATCH', `${path}/${own.id}`, given, {
                headers: () => ({ 'If-Match': `"${own.version}"` }),
              })
            : write('POST', path, given),
        t('page.layoutSaved', { objects: inText(object.plural) }),
      ),
    reset: () =>
      own ? keep(() => write('DELETE', `${path}/${own.id}`), t('page.layoutReset')) : Promise.resolve(),
  };
}

export type ArrangingModel = ReturnType<typeof useArranging>;
