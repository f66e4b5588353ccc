import { Chip } from '../kit/Chip.tsx';
import { PickEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, optionsOf, str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

/** The labels of what is chosen, one or several. */
export const text: FieldView['text'] = (value, field) =>
  list(value)
    .map(item => optionsOf(field).find(o => o.value === item)?.label ?? str(item))
    .join(', ');

/** What is chosen as chips, one or several. */
export function Show({ value, field, place }: ShowProps) {
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

const chipped = ({ field }: EditProps) =>
  optionsOf(field).map(o => ({
    id: o.value,
    label: o.label,
    start: <Chip colour={o.colour}>&thinsp;</Chip>,
  }));

/** Chooses any number of the options. */
export function Several(props: EditProps) {
  const chosen = list(props.value).map(str);
  return (
    <PickEdit
      edit={props}
      many
      shown={chosen.length > 0 ? <Show value={chosen} field={props.field} place="cell" /> : null}
      chosen={chosen}
      options={chipped(props)}
      onPick={option =>
        chosen.includes(option.id) ? chosen.filter(id => id !== option.id) : [...chosen, option.id]
      }
    />
  );
}

function One(props: EditProps) {
  return (
    <PickEdit
      edit={props}
      shown={props.value === null ? null : <Show value={props.value} field={props.field} place="cell" />}
      chosen={list(props.value).map(str)}
      options={chipped(props)}
      onPick={option => option.id}
    />
  );
}

export const choiceView: FieldView = {
  type: 'choice',
  width: 140,
  Show,
  Edit: One,
  Filter: filterOf({ One: One, Many: Several }),
  text,
  sentence: sentenceOf(text),
};
