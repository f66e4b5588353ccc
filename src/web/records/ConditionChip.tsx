import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Popover } from '../../kit/Menu.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { type Condition, fieldAtPath, innerOf, labelAtPath, sentence } from '../model/filter.ts';
import { conditionWords } from '../model/filter-words.ts';
import { formatOf, useMeta } from '../model/meta.tsx';
import s from './FilterBar.module.css';

/** What all parts of the bar share: which condition is open, told by its place (`1.0`). */
export interface Bar {
  object: MetaObject;
  count: number | undefined;
  open: string | null;
  setOpen(place: string | null): void;
}

/** What stands where a condition cannot be opened. */
export function Chip({ text, onRemove }: { text: string; onRemove(): void }) {
  return (
    <span className={s.chip}>
      <span className={s.sentence} title={text}>
        {text}
      </span>
      <button type="button" className={s.remove} aria-label={t('filter.remove')} onClick={onRemove}>
        <Icon name="x" size={14} />
      </button>
    </span>
  );
}

interface ConditionProps {
  bar: Bar;
  condition: Condition;
  place: string;
  onChange(next: Condition): void;
  onRemove(): void;
  /** Puts another beside it, in a group of the other kind. */
  onBeside?: () => void;
  other: 'or' | 'and';
}

/** A condition as a sentence that opens to be rewritten. */
export function ConditionChip(props: ConditionProps) {
  const { bar, condition, place, onRemove } = props;
  const meta = useMeta();
  const field = fieldAtPath(meta, bar.object, condition.field);
  if (!field || innerOf(condition))
    return <Chip text={conditionWords(meta, bar.object, condition)} onRemove={onRemove} />;
  const said = sentence(condition, field, formatOf(meta));
  const operator = field.operators.find(o => o.name === condition.op);
  const open = bar.open === place;
  return (
    <Popover
      opened={open}
      onChange={value => bar.setOpen(value ? place : null)}
      position="bottom-start"
      offset={6}
      trapFocus={false}
      withRoles={false}
      dropdown={{ className: s.editor }}
      of={
        <span className={s.chip}>
          <button
            type="button"
            className={s.sentence}
            onClick={() => bar.setOpen(open ? null : place)}
            aria-expanded={open}
          >
            <b>{labelAtPath(meta, bar.object, condition.field)}</b> {said.verb}{' '}
            {operator?.operand !== 'none' && <b>{said.object || '…'}</b>}
          </button>
          <button type="button" className={s.remove} aria-label={t('filter.remove')} onClick={onRemove}>
            <Icon name="x" size={14} />
          </button>
        </span>
      }
    >
      <ConditionEditor {...props} field={field} />
    </Popover>
  );
}

function ConditionEditor({
  bar,
  condition,
  field,
  other,
  onChange,
  onRemove,
  onBeside,
}: ConditionProps & { field: MetaField }) {
  const operator = field.operators.find(o => o.name === condition.op);
  const { Filter } = viewOf(field.type);
  return (
    <>
      <div className={s.editorHead}>
        <span className={s.subject}>{field.label}</span>
        <Select
          label={t('filter.operator')}
          value={condition.op}
          options={field.operators.map(o => ({ value: o.name, label: o.label }))}
          onChange={op => {
            const next = field.operators.find(o => o.name === op);
            onChange({
              ...condition,
              op,
              value: next?.operand === operator?.operand ? condition.value : null,
            });
          }}
        />
        <IconButton icon="trash" label={t('filter.remove')} onClick={onRemove} />
      </div>
      {operator && operator.operand !== 'none' && (
        <Filter
          key={operator.operand}
          field={field}
          operator={operator}
          value={condition.value}
          onChange={value => onChange({ ...condition, value })}
        />
      )}
      <div className={s.editorFoot}>
        {onBeside && (
          <Button look="quiet" icon="plus" onClick={onBeside}>
            {t(`filter.${other}`)}
          </Button>
        )}
        {bar.count !== undefined && <span className={s.count}>{t('list.count', { count: bar.count })}</span>}
      </div>
    </>
  );
}
