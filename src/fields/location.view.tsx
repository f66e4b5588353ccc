import { LineEdit } from './inputs.tsx';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
import { pointIn, record, str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => {
  const { latitude, lat, longitude, lng, lon } = record(value);
  const parts = [latitude ?? lat, longitude ?? lng ?? lon].map(part => Number(part).toFixed(5));
  return parts.join(', ');
};

function Edit(props: EditProps) {
  return (
    <LineEdit
      {...props}
      dir="ltr"
      text={
        props.value === null
          ? ''
          : text(props.value, props.field, { locale: '', timeZone: '', currency: '', country: '' })
      }
      read={typed => {
        const [latitude, longitude] = typed.split(/[,;\s]+/).map(Number);
        return Number.isFinite(latitude) && Number.isFinite(longitude)
          ? { latitude: latitude ?? 0, longitude: longitude ?? 0 }
          : typed;
      }}
    />
  );
}

function Operand(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
}

export const locationView: FieldView = {
  type: 'location',
  point: pointIn,
  width: 170,
  Show: ({ value, field, place }) => {
    const point = text(value, field, { locale: '', timeZone: '', currency: '', country: '' });
    return (
      <Outside place={place} href={`https://www.openstreetmap.org/search?query=${encodeURIComponent(point)}`}>
        {point}
      </Outside>
    );
  },
  Edit,
  Filter: filterOf({ One: Operand }),
  text,
  sentence: sentenceOf(text),
};
