import { useState } from 'react';
import type { Json } from '../engine/index.ts';
import { Avatar } from '../kit/Avatar.tsx';
import { inputStyles } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import { PickEdit } from './inputs.tsx';
import { filterOf, Names, sentenceOf } from './parts.tsx';
import { list, reference } from './read.tsx';
import { type EditProps, type FieldView, useFieldServices } from './view.ts';

const text: FieldView['text'] = value =>
  list(value)
    .map(item => reference(item)?.title ?? '')
    .join(', ');

function bare(item: Json): Json {
  const linked = reference(item);
  return linked && { object: linked.object, id: linked.id };
}

function Edit(props: EditProps) {
  const services = useFieldServices();
  const linked = list(props.value);
  const [object, setObject] = useState(reference(linked[0])?.object ?? services.objects[0]?.name ?? '');
  const ids = linked.map(item => reference(item)?.id ?? '');
  return (
    <span className={inputStyles.row}>
      {props.place === 'form' && (
        <Select
          label={t('field.kind')}
          value={object}
          options={services.objects.map(o => ({ value: o.name, label: o.label }))}
          onChange={setObject}
        />
      )}
      <PickEdit
        edit={props}
        many
        shown={linked.length > 0 ? <Names value={linked} object={null} place="card" /> : null}
        chosen={ids}
        search={async typed =>
          (await services.searchRecords(object, typed)).map(({ id, title }) => ({
            id,
            label: title,
            start: <Avatar id={id} title={title} round={services.look(object) === 'round'} size={16} />,
          }))
        }
        onPick={option =>
          ids.includes(option.id)
            ? linked.filter(item => reference(item)?.id !== option.id)
            : [...linked, { object, id: option.id, title: option.label }]
        }
      />
    </span>
  );
}

export const relatedToManyView: FieldView = {
  type: 'relatedToMany',
  width: 200,
  Show: ({ value, place }) => <Names value={value} object={null} place={place} />,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
  write: value => list(value).map(bare),
};
