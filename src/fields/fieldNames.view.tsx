import { Chip } from '../kit/Chip.tsx';
import { PickEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = value => list(value).map(str).join(', ');

function useLabels(of: unknown) {
  const fields = useFieldServices().fieldsOf(String(of));
  return { fields, labelOf: (name: string) => fields.find(field => field.name === name)?.label ?? name };
}

function Show({ value, field, place }: ShowProps) {
  const { labelOf } = useLabels(field.options.of);
  return (
    <span className={s.names} data-wrap={place === 'full' || undefined}>
      {list(value).map(item => (
        <Chip key={str(item)}>{labelOf(str(item))}</Chip>
      ))}
    </span>
  );
}

function Edit(props: EditProps) {
  const { fields } = useLabels(props.field.options.of);
  const chosen = list(props.value).map(str);
  return (
    <PickEdit
      edit={props}
      many
      shown={chosen.length > 0 ? <Show value={chosen} field={props.field} place="cell" /> : null}
      chosen={chosen}
      options={fields.map(({ name, label }) => ({ id: name, label }))}
      onPick={option =>
        chosen.includes(option.id) ? chosen.filter(id => id !== option.id) : [...chosen, option.id]
      }
    />
  );
}

export const fieldNamesView: FieldView = {
  type: 'fieldNames',
  width: 200,
  Show,
  Edit,
  Filter: filterOf({ One: Edit, Many: Edit }),
  text,
  sentence: sentenceOf(text),
};
