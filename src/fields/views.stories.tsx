/**
 * The stories of all field views: made of the views and of the samples that the types declare for the contract test, so
 * that a new type has its own by existing.
 */
import { type ReactNode, useState } from 'react';
import type { Json, MetaField } from '../engine/index.ts';
import { Labelled } from '../kit/Input.tsx';
import { viewOf } from './views.ts';

/** What a type says of itself: a field of it, and values as the API shows them. */
export interface FieldExample {
  field: MetaField;
  values: Json[];
  /** The longest value that it takes. */
  long: Json;
  /** What it says of a value that it refuses; null where none is typed. */
  refusal: string | null;
}

interface Story {
  /** Where the value stands, and what it is like. */
  name: string;
  /** Pixels that a table gives it; absent: those of a page's side. */
  width?: number;
  element: ReactNode;
}

function Form({ example, value, error }: { example: FieldExample; value: Json; error?: string | null }) {
  const [now, setNow] = useState(value);
  const { field } = example;
  const { Edit } = viewOf(field.type);
  const id = `${field.type}-${JSON.stringify(value)?.length}-${error ? 'refused' : 'usual'}`;
  return (
    <Labelled label={field.label} htmlFor={id} error={error}>
      <Edit id={id} place="form" field={field} value={now} onChange={setNow} error={error} />
    </Labelled>
  );
}

/** As in a table: a click opens the editor, and being done closes it. */
function Cell({ example, value }: { example: FieldExample; value: Json }) {
  const [now, setNow] = useState(value);
  const [open, setOpen] = useState(false);
  const { field } = example;
  const { Edit, Show } = viewOf(field.type);
  const close = () => setOpen(false);
  if (open)
    return (
      <Edit
        place="cell"
        autoFocus
        field={field}
        value={now}
        onChange={setNow}
        onDone={close}
        onCancel={close}
      />
    );
  const shown = now !== null && <Show value={now} field={field} place="cell" />;
  if (!field.editable) return shown;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table has the keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: the table has the keys.
    <div data-opens={field.type} onClick={() => setOpen(true)}>
      {shown}
    </div>
  );
}

function Narrowed({ example, name }: { example: FieldExample; name: string }) {
  const operator = example.field.operators.find(each => each.name === name)!;
  const { Filter } = viewOf(example.field.type);
  const [value, setValue] = useState<Json>(null);
  return <Filter field={example.field} operator={operator} value={value} onChange={setValue} />;
}

/** One operator of each kind that asks for something. */
function operatorsOf({ operators }: MetaField) {
  const asking = operators.filter(({ operand }) => operand !== 'none');
  return [...Map.groupBy(asking, ({ operand }) => operand).values()].map(([first]) => first!);
}

/** What there is to see of one type. */
export function storiesOf(example: FieldExample): Story[] {
  const { field, values, long, refusal } = example;
  const { Show, width = 160 } = viewOf(field.type);
  const [first = null] = values;
  const shown = (place: 'card' | 'full', value: Json) =>
    value !== null && <Show value={value} field={field} place={place} />;
  const reading: Story[] = [
    ...values.slice(0, 3).map((value, index) => ({
      name: `cell ${index + 1}`,
      width,
      element: <Cell example={example} value={value} />,
    })),
    { name: 'cell long', width, element: <Cell example={example} value={long} /> },
    { name: 'card', element: shown('card', first) },
    { name: 'card long', element: shown('card', long) },
    { name: 'read', element: shown('full', first) },
    { name: 'read long', element: shown('full', long) },
  ];
  const writing: Story[] = [
    { name: 'form empty', element: <Form example={example} value={null} /> },
    { name: 'form', element: <Form example={example} value={first} /> },
    { name: 'form long', element: <Form example={example} value={long} /> },
    ...(refusal
      ? [{ name: 'form refused', element: <Form example={example} value={first} error={refusal} /> }]
      : []),
  ];
  const filters = operatorsOf(field).map(({ name, operand }) => ({
    name: `filter ${operand}`,
    element: <Narrowed example={example} name={name} />,
  }));
  return [...reading, ...(field.editable ? writing : []), ...filters];
}
