import { languageCodes as codes, nameOf } from './codes.tsx';
import { PickEdit } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { list, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => nameOf(str(value), 'language', format.locale);

function Show({ value, field }: ShowProps) {
  return <Line>{text(value, field, useFieldServices())}</Line>;
}

function useOptions() {
  const { locale } = useFieldServices();
  return codes
    .map(code => ({ id: code, label: nameOf(code, 'language', locale), hint: code }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

function Edit(props: EditProps) {
  const options = useOptions();
  return (
    <PickEdit
      edit={props}
      options={options}
      shown={props.value === null ? null : <Show value={props.value} field={props.field} place="cell" />}
      chosen={list(props.value).map(str)}
      onPick={option => option.id}
    />
  );
}

function Several(props: EditProps) {
  const options = useOptions();
  const chosen = list(props.value).map(str);
  return (
    <PickEdit
      edit={props}
      many
      options={options}
      shown={chosen.length > 0 ? chosen.join(', ') : null}
      chosen={chosen}
      onPick={option =>
        chosen.includes(option.id) ? chosen.filter(id => id !== option.id) : [...chosen, option.id]
      }
    />
  );
}

export const languageView: FieldView = {
  type: 'language',
  width: 140,
  Show,
  Edit,
  Filter: filterOf({ One: Edit, Many: Several }),
  text,
  sentence: sentenceOf(text),
};
