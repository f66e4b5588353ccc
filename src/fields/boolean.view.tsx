import { Icon } from '../kit/Icon.tsx';
import { t } from '../kit/words.ts';
import { PickEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => t(value === true ? 'field.yes' : 'field.no');

function Edit(props: EditProps) {
  const shown =
    typeof props.value === 'boolean'
      ? text(props.value, props.field, { locale: '', timeZone: '', currency: '', country: '' })
      : null;
  return (
    <PickEdit
      edit={props}
      shown={shown}
      chosen={typeof props.value === 'boolean' ? [String(props.value)] : []}
      options={[
        { id: 'true', label: t('field.yes') },
        { id: 'false', label: t('field.no') },
      ]}
      onPick={option => option.id === 'true'}
    />
  );
}

export const booleanView: FieldView = {
  type: 'boolean',
  short: true,
  width: 110,
  Show: ({ value }) =>
    value === true ? (
      <Icon name="check" className={s.tick} label={t('field.yes')} />
    ) : (
      <span>{t('field.no')}</span>
    ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
