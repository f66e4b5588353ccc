import { PickEdit } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { list, str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value).replaceAll('_', ' ');

function Edit(props: EditProps) {
  return (
    <PickEdit
      edit={props}
      options={Intl.supportedValuesOf('timeZone').map(zone => ({
        id: zone,
        label: zone.replaceAll('_', ' '),
      }))}
      shown={props.value === null ? null : <Line>{str(props.value)}</Line>}
      chosen={list(props.value).map(str)}
      onPick={option => option.id}
    />
  );
}

export const timeZoneView: FieldView = {
  type: 'timeZone',
  width: 160,
  Show: ({ value }) => <Line>{str(value).replaceAll('_', ' ')}</Line>,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
