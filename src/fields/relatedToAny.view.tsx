import { useState } from 'react';
import type { Json } from '../engine/index.ts';
import { Avatar } from '../kit/Avatar.tsx';
import { inputStyles } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import { PickEdit } from './inputs.tsx';
import { filterOf, Names, sentenceOf } from './parts.tsx';
import { list, reference } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

/** The titles of what is related, one or several. */
export const text: FieldView['text'] = value =>
  list(value)
    .map(item => reference(item)?.title ?? '')
    .join(', ');

/** An end as it is written: without its title. */
export function bare(item: Json): Json {
  const linked = reference(item);
  return linked && { object: linked.object, id: linked.id };
}

function Related({ edit, many }: { edit: EditProps; many?: boolean }) {
  const services = useFieldServices();
  const linked = list(edit.value);
  const [object, setObject] = useState(reference(linked[0])?.object ?? services.objects[0]?.name ?? '');
  const ids = linked.map(item => reference(item)?.id ?? '');
  return (
    <span className={inputStyles.row}>
      {edit.place === 'form' && (
        <Select
          label={t('field.kind')}
          value={object}
          options={services.objects.map(o => ({ value: o.name, label: o.label }))}
          onChange={setObject}
        />
      )}
      <PickEdit
        edit={edit}
        many={many}
        shown={linked.length > 0 ? <Names value={linked} object={null} place="card" /> : null}
        chosen={ids}
        search={async typed =>
          (await services.searchRecords(object, typed)).map(({ id, title }) => ({
            id,
            label: title,
            start: <Avatar id={id} title={title} round={services.look(object) === 'round'} size={16} />,
          }))
        }
        onPick={({ id, label }) => {
          const picked = { object, id, title: label };
          if (!many) return picked;
          return ids.includes(id) ? linked.filter(item => reference(item)?.id !== id) : [...linked, picked];
        }}
      />
    </span>
  );
}

/** Relates to one record of any object. */
const One = (props: EditProps) => <Related edit={props} />;
/** Relates to any number of records of any objects. */
export const Several = (props: EditProps) => <Related edit={props} many />;

/** What is related by its names. */
export const Show = ({ value, place }: ShowProps) => <Names value={value} object={null} place={place} />;

export const relatedToAnyView: FieldView = {
  type: 'relatedToAny',
  width: 200,
  Show,
  Edit: One,
  Filter: filterOf({ One }),
  text,
  sentence: sentenceOf(text),
  write: value => bare(value),
};
