import { useEffect, useState } from 'react';
import type { Json, MetaField } from '../engine/index.ts';
import { Chip } from '../kit/Chip.tsx';
import type { FieldNamesOptions } from './fieldNames.ts';
import { PickEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, record, reference, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = value => list(value).map(str).join(', ');

type Values = Record<string, Json> | undefined;

/** The object that they are fields of; undefined where the record does not say, or not yet. */
function useObject({ options: { of } }: MetaField, values: Values): string | undefined {
  const { readValue } = useFieldServices();
  const told = typeof of === 'string' ? null : record(of);
  const id = told && reference(values?.[str(told.link)])?.id;
  const [found, setFound] = useState<{ id: string; name: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the option is as it was declared.
  useEffect(() => {
    let left = false;
    if (told && id)
      void readValue(str(told.object), id, str(told.says)).then(
        name => !left && setFound({ id, name: str(name) }),
      );
    return () => {
      left = true;
    };
  }, [id, readValue]);
  if (typeof of === 'string') return of;
  return found && found.id === id ? found.name : undefined;
}

function useLabels(field: MetaField, values: Values) {
  const services = useFieldServices();
  const object = useObject(field, values);
  const which = (field.options.which as FieldNamesOptions['which']) ?? 'editable';
  const fields = object ? services.fieldsOf(object, which) : [];
  const labelOf = (name: string) => fields.find(each => each.name === name)?.label ?? name;
  return { fields, labelOf };
}

function Show({ value, field, place, values }: ShowProps) {
  const { labelOf } = useLabels(field, values);
  return (
    <span className={s.names} data-wrap={place === 'full' || undefined}>
      {list(value).map(item => (
        <Chip key={str(item)}>{labelOf(str(item))}</Chip>
      ))}
    </span>
  );
}

function Edit(props: EditProps) {
  const { field, record: values } = props;
  const { fields } = useLabels(field, values);
  const chosen = list(props.value).map(str);
  const several = field.options.one !== true;
  const others = (id: string) => (several ? chosen.filter(each => each !== id) : []);
  return (
    <PickEdit
      edit={props}
      many={several}
      shown={
        chosen.length > 0 ? (
          <Show value={chosen} field={field} place="cell" {...(values ? { values } : {})} />
        ) : null
      }
      chosen={chosen}
      options={fields.map(({ name, label }) => ({ id: name, label }))}
      onPick={({ id }) => (chosen.includes(id) ? others(id) : [...others(id), id])}
    />
  );
}

export const fieldNamesView: FieldView = {
  type: 'fieldNames',
  width: 200,
  besides: ({ options: { of } }) => (typeof of === 'string' ? [] : [str(record(of).link)]),
  Show,
  Edit,
  Filter: filterOf({ One: Edit, Many: Edit }),
  text,
  sentence: sentenceOf(text),
};
