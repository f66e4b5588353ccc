/** What several field types share for showing and filtering. */

import type { ComponentType, ReactNode } from 'react';
import type { Json, MetaField } from '../engine/index.ts';
import { Avatar } from '../kit/Avatar.tsx';
import { Chip } from '../kit/Chip.tsx';
import { Input, inputStyles } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import s from './parts.module.css';
import { Period, periodWords } from './period.tsx';
import { list, reference, str } from './read.tsx';
import { saidTitle } from './said.ts';
import {
  type EditProps,
  type FieldView,
  type FilterProps,
  type Format,
  type ShowProps,
  useFieldServices,
} from './view.ts';

/** One line that ends in an ellipsis, with the whole text on hover. */
export function Line({ children, end, title }: { children: ReactNode; end?: boolean; title?: string }) {
  return (
    <span className={s.line} data-end={end || undefined} dir={end ? undefined : 'auto'} title={title}>
      {children}
    </span>
  );
}

export function Figure({ children }: { children: ReactNode }) {
  // Numbers run from left to right in every script, and their currency stays at its side.
  // What a narrow column cuts off is told on hover.
  const title = typeof children === 'string' && children.length > 12 ? children : undefined;
  return (
    <bdi dir="ltr" className={s.figure} title={title}>
      {children}
    </bdi>
  );
}

/** A number with a bar of how much of the whole it is; in words for whoever hovers or hears. */
export function Share(props: { label: string; shown: string; value: number; whole: number }) {
  const { label, shown, value, whole } = props;
  const words = t('field.outOf', { label, value: shown, whole });
  return (
    <span className={s.share} role="img" title={words} aria-label={words}>
      <bdi dir="ltr">{shown}</bdi>
      <span className={s.shareTrack}>
        <span style={{ inlineSize: `${Math.min(100, Math.max(0, (value / whole) * 100))}%` }} />
      </span>
    </span>
  );
}

/** An address outside Farley; bare text on cards, which are links themselves. */
export function Outside({
  href,
  place,
  children,
}: {
  href: string;
  place?: ShowProps['place'];
  children: ReactNode;
}) {
  // Numbers and addresses run from left to right in every script.
  const text = <bdi dir="ltr">{children}</bdi>;
  if (place === 'card')
    return (
      <span className={s.line} dir="ltr">
        {text}
      </span>
    );
  return (
    <a
      className={s.link}
      dir="ltr"
      href={href}
      target={/^https?:/.test(href) ? '_blank' : undefined}
      rel="noreferrer"
    >
      {text}
    </a>
  );
}

/** A record by its name, leading to its page. */
export function RecordName({
  object,
  id,
  title,
  plain,
}: {
  object: string | null;
  id: string;
  title: string;
  plain?: boolean;
}) {
  const services = useFieldServices();
  const kind = services.objects.find(o => o.name === object)?.label;
  const name = title || kind || t('field.untitled');
  const look = object ? services.look(object) : 'bare';
  if (look === 'chip') return <Chip>{saidTitle(name, object)}</Chip>;
  const inner = (
    <>
      {look !== 'bare' && <Avatar id={id} title={name} round={look === 'round'} size={16} />}
      <span className={s.line} dir="auto">
        {name}
      </span>
    </>
  );
  if (!object || plain) return <span className={s.record}>{inner}</span>;
  return (
    <a className={s.record} data-link href={services.recordUrl(object, id)}>
      {inner}
    </a>
  );
}

/** Linked records by their names. One whose title the server keeps back is out of reach: named by its kind, no link. */
export function Names({
  value,
  object,
  place,
}: {
  value: Json;
  object: string | null;
  place: 'cell' | 'card' | 'full';
}) {
  const items = list(value)
    .map(reference)
    .filter(r => r !== null);
  return (
    <span className={s.names} data-wrap={place === 'full' || undefined}>
      {items.map(item => (
        <RecordName
          key={item.id}
          object={item.object ?? object}
          id={item.id}
          title={item.title}
          plain={place === 'card' || (item.object !== null && item.title === '')}
        />
      ))}
    </span>
  );
}

export function Hinted({ hint, children }: { hint: string; children: ReactNode }) {
  return (
    <span className={s.line} data-hint={hint}>
      {children}
    </span>
  );
}

interface OperandOptions {
  One: ComponentType<EditProps>;
  /** Several values at once; absent: values separated by commas. */
  Many?: ComponentType<EditProps>;
}

function Range({ One, ...props }: FilterProps & { One: ComponentType<EditProps> }) {
  const [from = null, to = null] = list(props.value);
  return (
    <div className={inputStyles.parts}>
      <One place="form" field={props.field} value={from} onChange={value => props.onChange([value, to])} />
      <One place="form" field={props.field} value={to} onChange={value => props.onChange([from, value])} />
    </div>
  );
}

function Words({ value, onChange, field, many }: FilterProps & { many?: boolean }) {
  return (
    <Input
      aria-label={field.label}
      autoFocus
      defaultValue={many ? list(value).map(str).join(', ') : str(value)}
      placeholder={many ? t('field.separated') : undefined}
      onChange={event => {
        const text = event.target.value;
        onChange(
          many
            ? text
                .split(',')
                .map(part => part.trim())
                .filter(Boolean)
            : text || null,
        );
      }}
    />
  );
}

function OperandEdit({ One, Many, ...props }: FilterProps & OperandOptions) {
  const edit = {
    place: 'form' as const,
    field: { ...props.field, required: false },
    value: props.value,
    onChange: props.onChange,
  };
  switch (props.operator.operand) {
    case 'none':
      return null;
    case 'text':
      return <Words {...props} />;
    case 'period':
      return <Period value={props.value} onChange={props.onChange} />;
    case 'range':
      return <Range {...props} One={One} />;
    case 'many':
      return Many ? <Many {...edit} /> : <Words {...props} many />;
    default:
      return <One {...edit} />;
  }
}

/** The operand editor of a type, from what edits one value and several. */
export function filterOf(options: OperandOptions): ComponentType<FilterProps> {
  return props => <OperandEdit {...options} {...props} />;
}

type TextOf = FieldView['text'];

/** The words of an operand: a value, several, a range, or a period. */
export function sentenceOf(text: TextOf): FieldView['sentence'] {
  return (operand: Json, field: MetaField, format: Format, titles) => {
    if (operand === null) return '';
    const period = periodWords(operand);
    if (period) return period;
    const seen = (item: Json) =>
      saidTitle((typeof item === 'string' && titles(item)) || '', field.relation?.to);
    const one = (item: Json) => seen(item) || text(item, field, format);
    if (!Array.isArray(operand)) return one(operand);
    return operand
      .filter(item => item !== null)
      .map(one)
      .join(', ');
  };
}
