/** Records that something shared may belong to, as options of a picker. */
import type { Meta, MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { type Page, read } from '../api.ts';
import { titleOf } from '../model/meta.tsx';

interface Found {
  object: string;
  id: string;
  title: string;
  subtitle: string | null;
}

/** Before anyone has typed: what was changed last. */
export async function latest(meta: Meta, objects: MetaObject[]) {
  const found = await Promise.all(
    objects.map(async object => {
      const body = { fields: [object.title], sort: ['-updatedAt'], limit: 3 };
      const { data } = await read<Page>(`/api/${object.path}/search`, { body });
      return data.map(row =>
        optionOf(object, { id: row.id, title: titleOf(meta, object, row), subtitle: null }),
      );
    }),
  );
  return found.flat();
}

function optionOf(object: MetaObject, { id, title, subtitle }: Pick<Found, 'id' | 'title' | 'subtitle'>) {
  return {
    id: `${object.name}:${id}`,
    label: title,
    hint: [subtitle, object.label].filter(Boolean).join(' · '),
    start: <Icon name={object.icon} />,
  };
}

/** Records by their words, whatever they are; what stands on a timeline itself takes no notes. */
export async function searchRecords(objects: MetaObject[], words: string) {
  const { data } = await read<{ data: Found[] }>(`/api/search?q=${encodeURIComponent(words)}&limit=12`);
  return data.flatMap(({ object: name, id, title, subtitle }) => {
    const object = objects.find(each => each.name === name);
    if (!object || object.timeline || object.setup) return [];
    return [optionOf(object, { id, title, subtitle })];
  });
}
