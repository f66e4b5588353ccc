import { useRef, useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import type { Row } from '../api.ts';
import { useEditing } from '../model/presence.ts';
import { useActions } from '../model/records.ts';
import { useTyping } from '../model/typing.ts';

interface EditInPlaceProps {
  object: MetaObject;
  row: Row;
  field: MetaField;
  onClose(): void;
}

/** The editor of one value where the value stood. Saves when the person is done, if anything changed. */
export function EditInPlace({ object, row, field, onClose }: EditInPlaceProps) {
  const { Edit } = viewOf(field.type);
  const actions = useActions();
  useEditing(row.id, field.name);
  const before = row[field.name] ?? null;
  const [draft, setDraft] = useState<Json>(before);
  useTyping(row.id, field.name, draft);
  const latest = useRef<Json>(before);
  const closed = useRef(false);

  function close(save: boolean) {
    if (closed.current) return;
    closed.current = true;
    if (save && JSON.stringify(latest.current) !== JSON.stringify(before))
      void actions.edit(object, row, { [field.name]: latest.current });
    onClose();
  }

  return (
    <Edit
      place="cell"
      autoFocus
      field={field}
      value={draft}
      record={row}
      onChange={value => {
        latest.current = value;
        setDraft(value);
      }}
      onDone={() => close(true)}
      onCancel={() => close(false)}
    />
  );
}
