import { Chip } from '../kit/Chip.tsx';
import { PickEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, optionsOf, str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const text: FieldView['text'] = (value, field) =>
  list(value)
    .map(item => optionsOf(field).find(o => o.value === item)?.label ?? str(item))
    .join(', ');

function Show({ value, field, place }: ShowProps) {
  const options = optionsOf(field);
  return (
    <span className={s.names} data-wrap={place === 'full' || undefined}>
      {list(value).map(item => {
        const option = options.find(o => o.value === item);
        return (
          <Chip key={str(item)} colour={option?.colour}>
            {option?.label ?? str(item)}
          </Chip>
        );
      })}
    </span>
  );
}

function Several(props: EditProps) {
  const chosen = list(props.value).map(str);
  return (
    <PickEdit
      edit={props}
      many
      shown={chosen.length > 0 ? <Show value={chosen} field={props.field} place="cell" /> : null}
      chosen={chosen}
      options={optionsOf(props.field).map(o => ({
        id: o.value,
        label: o.label,
        start: <Chip colour={o.colour}>&thinsp;</Chip>,
      }))}
      onPick={option =>
        chosen.includes(option.id) ? chosen.filter(id => id !== option.id) : [...chosen, option.id]
      }
    />
  );
}

export const choicesView: FieldView = {
  type: 'choices',
  width: 180,
  Show,
  Edit: Several,
  Filter: filterOf({ One: Several, Many: Several }),
  text,
  sentence: sentenceOf(text),
};
