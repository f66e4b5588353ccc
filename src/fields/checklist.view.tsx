import { useState } from 'react';
import type { Json } from '../engine/index.ts';
import { IconButton } from '../kit/Button.tsx';
import { Icon } from '../kit/Icon.tsx';
import { Input } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import s from './checklist.module.css';
import { PanelEdit } from './inputs.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { list, str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

interface Step {
  text: string;
  done: boolean;
}

function stepsOf(value: Json): Step[] {
  return list(value).flatMap(item =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? [{ text: str(item.text ?? ''), done: item.done === true }]
      : [],
  );
}

function told(value: Json): string {
  const steps = stepsOf(value);
  return steps.length === 0 ? '' : `${steps.filter(step => step.done).length}/${steps.length}`;
}

function Show({ value, place }: ShowProps) {
  const steps = stepsOf(value);
  if (place !== 'full') return <Figure>{told(value)}</Figure>;
  return (
    <ul className={s.steps}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may be called the same.
        <li key={index} className={s.step} data-done={step.done || undefined}>
          <Icon name={step.done ? 'checkbox' : 'square'} size={14} />
          {step.text}
        </li>
      ))}
    </ul>
  );
}

function Steps({ steps, onChange }: { steps: Step[]; onChange(steps: Step[]): void }) {
  const [next, setNext] = useState('');
  const put = (index: number, step: Partial<Step>) =>
    onChange(steps.map((each, at) => (at === index ? { ...each, ...step } : each)));
  function add() {
    if (next.trim() === '') return;
    onChange([...steps, { text: next.trim(), done: false }]);
    setNext('');
  }
  return (
    <div className={s.edit}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may be called the same.
        <span key={index} className={s.row}>
          <input
            type="checkbox"
            className={s.box}
            checked={step.done}
            aria-label={step.text}
            onChange={event => put(index, { done: event.target.checked })}
          />
          <Input
            place="cell"
            aria-label={t('checklist.step', { n: index + 1 })}
            value={step.text}
            onChange={event => put(index, { text: event.target.value })}
          />
          <IconButton
            icon="x"
            size={24}
            label={t('checklist.remove', { text: step.text })}
            onClick={() => onChange(steps.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      <Input
        autoFocus
        aria-label={t('checklist.add')}
        placeholder={t('checklist.add')}
        value={next}
        onChange={event => setNext(event.target.value)}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
    </div>
  );
}

function Edit(props: EditProps) {
  const [steps, setSteps] = useState(() => stepsOf(props.value));
  function change(changed: Step[]) {
    setSteps(changed);
    const said = changed.filter(step => step.text.trim() !== '');
    props.onChange(said.length > 0 ? said.map(step => ({ text: step.text, done: step.done })) : null);
  }
  const shown = steps.length > 0 ? <Figure>{told(steps.map(step => ({ ...step })))}</Figure> : null;
  return (
    <PanelEdit edit={props} shown={shown} width={320}>
      {() => <Steps steps={steps} onChange={change} />}
    </PanelEdit>
  );
}

export const checklistView: FieldView = {
  type: 'checklist',
  width: 110,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text: told,
  sentence: sentenceOf(told),
};
