import { Avatar } from '../kit/Avatar.tsx';
import { PickEdit } from './inputs.tsx';
import { filterOf, Names, sentenceOf } from './parts.tsx';
import { list, record, reference, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = value =>
  list(value)
    .map(item => reference(item)?.title ?? '')
    .join(', ');

const target: NonNullable<FieldView['target']> = field => str(field.options.to) || field.relation?.to || null;

function Show({ value, field, place }: ShowProps) {
  return <Names value={value} object={target(field)} place={place} />;
}

function useSearch(field: EditProps['field']) {
  const services = useFieldServices();
  const object = target(field);
  return async (typed: string) => {
    if (!object) return [];
    const found = await services.searchRecords(object, typed);
    return found.map(({ id, title }) => ({
      id,
      label: title,
      start: <Avatar id={id} title={title} round={services.look(object) === 'round'} size={16} />,
    }));
  };
}

function Several(props: EditProps) {
  const search = useSearch(props.field);
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

export const linksView: FieldView = {
  type: 'links',
  width: 200,
  Show,
  Edit: Several,
  Filter: filterOf({ One: Several, Many: Several }),
  text,
  sentence: sentenceOf(text),
  target,
  write: value =>
    list(value).map(item => {
      const { title: _, ...rest } = record(item);
      return Object.keys(rest).length > 1 ? rest : (rest.id ?? item);
    }),
};
