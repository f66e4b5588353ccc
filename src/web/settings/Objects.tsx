import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { Button } from '../../kit/Button.tsx';
import { Chip } from '../../kit/Chip.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Select } from '../../kit/Select.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { write } from '../api.ts';
import { inText } from '../model/language.ts';
import { metaKey, objectNamed, useMeta } from '../model/meta.tsx';
import { blank } from '../records/use-form.ts';
import { groupsOf } from '../shell/places.ts';
import { nameFor, type Options, optionFields, optionsFrom } from './define.ts';
import { Section, SettingsForm } from './parts.tsx';
import s from './Settings.module.css';
import { choiceField } from './use-roles.ts';

function useAdded() {
  const client = useQueryClient();
  return async (text: string) => {
    await client.invalidateQueries({ queryKey: metaKey });
    toast(text);
  };
}

function NewObject({ onDone }: { onDone(name: string | null): void }) {
  const meta = useMeta();
  const added = useAdded();
  const taken = meta.objects.map(object => object.name);
  const word = (name: string) => t(`settings.objects.${name}`);
  return (
    <SettingsForm
      panel
      focusFirst
      fields={[
        { ...blank, name: 'label', label: word('one'), help: word('oneHelp'), required: true },
        { ...blank, name: 'plural', label: word('many'), help: word('manyHelp'), required: true },
        { ...blank, name: 'description', label: word('description'), help: word('descriptionHelp') },
      ]}
      label={word('addObject')}
      onCancel={() => onDone(null)}
      save={async values => {
        const label = str(values.label);
        const name = nameFor(label, taken);
        await write('POST', '/api/objects', { label: '', plural: '', ...values, name }, { once: true });
        await added(t('settings.objects.objectAdded', { label }));
        onDone(name);
      }}
    />
  );
}

/** What must be known of a field depends on its type: the type's own schema says so. */
function useFieldForm(type: string): MetaField[] {
  const { types, objects } = useMeta();
  const chosen = types.find(known => known.name === type);
  const word = (name: string) => t(`settings.objects.${name}`);
  const kinds = types.map(known => ({ value: known.name, label: known.label }));
  return [
    { ...blank, name: 'label', label: word('label'), required: true },
    { ...choiceField('kind', word('kind'), kinds), help: chosen?.help ?? null },
    ...optionFields(chosen?.options ?? null, objects, {
      choices: word('choices'),
      choicesHelp: word('choicesHelp'),
      to: word('to'),
    }),
    { ...blank, name: 'help', label: word('help'), help: word('helpHelp') },
  ];
}

function NewField({ object, onDone }: { object: MetaObject; onDone(): void }) {
  const added = useAdded();
  const [type, setType] = useState('');
  const fields = useFieldForm(type);
  const taken = [...object.fields, ...object.relations].map(known => known.name);
  return (
    <SettingsForm
      panel
      focusFirst
      fields={fields}
      label={t('settings.objects.addField')}
      onChange={(name, value) => name === 'kind' && setType(str(value))}
      onCancel={onDone}
      save={async ({ kind, ...values }: Record<string, Json>) => {
        const label = str(values.label);
        const options: Options = optionsFrom(values);
        const field = { name: nameFor(label, taken), type: str(kind), options };
        await write('POST', `/api/objects/${object.name}/fields`, field, { once: true });
        await added(t('settings.objects.fieldAdded', { label }));
        onDone();
      }}
    />
  );
}

function FieldItem({ field }: { field: MetaField }) {
  const type = useMeta().types.find(known => known.name === field.type);
  return (
    <li className={s.item}>
      <Icon name={field.icon} />
      <span className={s.what}>
        <span className={s.name}>{field.label}</span>
        {field.help && <span className={s.detail}>{field.help}</span>}
      </span>
      {field.custom && <Chip>{t('settings.objects.own')}</Chip>}
      <span className={s.aside}>
        {type?.label ?? field.type}
        {field.required && ` · ${t('settings.objects.required')}`}
      </span>
    </li>
  );
}

/** What is kept here, and what is known of each: the shape of the workspace. */
export function Objects() {
  const meta = useMeta();
  const { groups, rest } = groupsOf(meta);
  const all = [...groups.flatMap(group => group.objects), ...rest];
  const [name, setName] = useState(all[0]?.name ?? '');
  const [adding, setAdding] = useState<'object' | 'field' | null>(null);
  const object = objectNamed(meta, name) ?? all[0];
  if (!object) return null;
  return (
    <>
      <Section
        title={t('settings.objects.title')}
        lead={t('settings.objects.lead')}
        action={
          adding !== 'object' && (
            <Button icon="plus" onClick={() => setAdding('object')}>
              {t('settings.objects.addObject')}
            </Button>
          )
        }
      >
        {adding === 'object' && (
          <NewObject
            onDone={made => {
              setAdding(null);
              if (made) setName(made);
            }}
          />
        )}
      </Section>
      <Section
        title={t('settings.objects.fieldsOf', { objects: inText(object.plural) })}
        lead={object.description}
        action={
          <span className={s.foot}>
            <Select
              label={t('settings.objects.object')}
              value={object.name}
              options={all.map(o => ({ value: o.name, label: o.plural }))}
              onChange={setName}
            />
            {adding !== 'field' && (
              <Button look="primary" icon="plus" onClick={() => setAdding('field')}>
                {t('settings.objects.addField')}
              </Button>
            )}
          </span>
        }
      >
        {adding === 'field' && <NewField key={object.name} object={object} onDone={() => setAdding(null)} />}
        <ul className={s.list}>
          {object.fields
            .filter(field => !field.system && !field.hidden)
            .map(field => (
              <FieldItem key={field.name} field={field} />
            ))}
        </ul>
      </Section>
    </>
  );
}
