import type { MetaField } from '../engine/index.ts';
import { Avatar } from '../kit/Avatar.tsx';
import { PickEdit } from './inputs.tsx';
import { filterOf, Names, sentenceOf } from './parts.tsx';
import { list, reference, str } from './read.tsx';
import { saidTitle } from './said.ts';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

/** The object whose records a link leads to. */
export const target: NonNullable<FieldView['target']> = field =>
  str(field.options.to) || field.relation?.to || null;

/** The titles of what is linked, one or several. */
export const text: FieldView['text'] = (value, field) =>
  list(value)
    .map(item => saidTitle(reference(item)?.title ?? '', target(field)))
    .join(', ');

/** What is linked by its names. */
export function Show({ value, field, place }: ShowProps) {
  return <Names value={value} object={target(field)} place={place} />;
}

/** The link of the same record that this one is narrowed by: a stage by its pipeline. Null for most. */
export function narrowedBy({ options }: MetaField): string | null {
  return typeof options.defaultFirst === 'string' ? options.defaultFirst : null;
}

function narrowing({ field, record }: EditProps): Record<string, string> {
  const by = narrowedBy(field);
  const to = by && reference(record?.[by])?.id;
  return by && to ? { [by]: to } : {};
}

function useSearch(edit: EditProps) {
  const services = useFieldServices();
  const object = target(edit.field);
  const within = narrowing(edit);
  return async (typed: string) => {
    if (!object) return [];
    const found = await services.searchRecords(object, typed, within);
    return found.map(({ id, title }) => ({
      id,
      label: title,
      start: <Avatar id={id} title={title} round={services.look(object) === 'round'} size={16} />,
    }));
  };
}

/** Chooses one existing record. */
export function One(props: EditProps) {
  const search = useSearch(props);
  const linked = reference(props.value);
  return (
    <PickEdit
      edit={props}
      search={search}
      shown={linked && <Names value={props.value} object={target(props.field)} place="card" />}
      chosen={linked ? [linked.id] : []}
      onPick={option => ({ id: option.id, title: option.label })}
    />
  );
}

/** Chooses any number of existing records. */
export function Several(props: EditProps) {
  const search = useSearch(props);
  const linked = list(props.value);
  const ids = linked.map(item => reference(item)?.id ?? '');
  return (
    <PickEdit
      edit={props}
      many
      search={search}
      shown={linked.length > 0 ? <Names value={linked} object={target(props.field)} place="card" /> : null}
      chosen={ids}
      onPick={option =>
        ids.includes(option.id)
          ? linked.filter(item => reference(item)?.id !== option.id)
          : [...linked, { id: option.id, title: option.label }]
      }
    />
  );
}

export const linkView: FieldView = {
  type: 'link',
  width: 170,
  Show,
  Edit: One,
  Filter: filterOf({ One: One, Many: Several }),
  text,
  sentence: sentenceOf(text),
  target,
  write: value => reference(value)?.id ?? null,
};
