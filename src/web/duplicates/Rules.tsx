import { said } from '../../fields/said.ts';
import { inText } from '../model/language.ts';
import './words.ts';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Meta, MetaObject, RuleSetting } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Select } from '../../kit/Select.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { write } from '../api.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { fail, keys } from '../model/records.ts';
import { Section } from '../settings/parts.tsx';
import s from '../settings/Settings.module.css';
import { Failure } from '../shell/Missing.tsx';
import q from './Duplicates.module.css';
import { NewRule } from './NewRule.tsx';
import { usePairs } from './pairs.ts';
import { type Rule, useChangeRules, useRules } from './use-rules.ts';
import { WeightsTable } from './WeightsTable.tsx';

const route = getRouteApi('/frame/settings/duplicates');

const modes = ['block', 'warn', 'review', 'off'] as const;

/** Objects whose records are compared, or can be. */
function comparedObjects(meta: Meta): MetaObject[] {
  return meta.objects.filter(
    object => !object.setup && !object.timeline && object.verbs.some(({ name }) => name === 'merge'),
  );
}

function RuleItem({
  object,
  rule,
  onMode,
  onRemove,
}: {
  object: MetaObject;
  rule: Rule;
  onMode(mode: RuleSetting['mode']): void;
  onRemove(): void;
}) {
  const compared = Object.entries(rule.same).map(([name, by]) =>
    t('rules.is', {
      field: fieldOf(object, name)?.label ?? name,
      by: t(`rules.compare.${by}`, { defaultValue: by }),
    }),
  );
  return (
    <li className={s.item}>
      <Icon name={rule.mode === 'block' ? 'ban' : rule.mode === 'off' ? 'minus' : 'copy'} />
      <span className={s.what}>
        <span className={s.name}>{said(rule.label, object.name)}</span>
        <span className={s.detail}>{compared.join(' · ')}</span>
      </span>
      <Select
        label={t('rules.modeOf', { rule: said(rule.label, object.name) })}
        value={rule.mode}
        options={modes.map(mode => ({ value: mode, label: t(`rules.mode.${mode}`) }))}
        onChange={mode => onMode(mode as RuleSetting['mode'])}
      />
      {rule.own && (
        <IconButton
          icon="trash"
          label={t('rules.remove', { rule: said(rule.label, object.name) })}
          onClick={onRemove}
        />
      )}
    </li>
  );
}

function RulesOf({ object }: { object: MetaObject }) {
  const found = useRules(object);
  const change = useChangeRules(object);
  const [adding, setAdding] = useState(false);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={4} height={48} />;
  const { rules } = found.data;
  const put = (next: Rule[]) => void change(next, rules).catch(fail);
  return (
    <>
      <ul className={s.list}>
        {rules.map(rule => (
          <RuleItem
            key={rule.name}
            object={object}
            rule={rule}
            onMode={mode => put(rules.map(each => (each === rule ? { ...rule, mode } : each)))}
            onRemove={() => put(rules.filter(each => each !== rule))}
          />
        ))}
        {rules.length === 0 && <li className={s.none}>{t('rules.none')}</li>}
      </ul>
      {found.data.filing && rules.some(({ mode }) => mode === 'block') && (
        <p className={s.lead} role="status">
          {t('rules.filing', { objects: inText(object.plural) })}
        </p>
      )}
      <p className={s.lead}>{t('rules.modeHelp')}</p>
      {adding ? (
        <NewRule
          object={object}
          taken={rules.map(({ name }) => name)}
          onCancel={() => setAdding(false)}
          save={async rule => {
            await change([...rules, rule], rules);
            setAdding(false);
          }}
        />
      ) : (
        <div className={s.foot}>
          <Button icon="plus" onClick={() => setAdding(true)}>
            {t('rules.add')}
          </Button>
        </div>
      )}
    </>
  );
}

function Weighing({ object }: { object: MetaObject }) {
  const client = useQueryClient();
  const pairs = usePairs(object, 'open');
  const weights = pairs.data?.pages[0]?.weights;
  const rules = useRules(object);
  // Above it stand the rules: before them it would jump.
  if (!weights || !rules.data) return null;
  async function relearn() {
    try {
      await write('POST', `/api/${object.path}/duplicates/learn`);
      toast(t('rules.relearned'));
    } catch (error) {
      fail(error);
    }
    void client.invalidateQueries({ queryKey: keys.object(object.name) });
  }
  return (
    <Section
      title={t('rules.weights')}
      lead={`${t('rules.weightsLead')} ${t(`duplicates.origin.${weights.origin}`, { count: weights.decisions })}`}
      action={
        <Button icon="refresh" onClick={() => void relearn()}>
          {t('rules.relearn')}
        </Button>
      }
    >
      <WeightsTable object={object} weights={weights} />
    </Section>
  );
}

/** When two records may be the same, for every object; changed while Farley runs. */
export function Rules() {
  const meta = useMeta();
  const navigate = useNavigate();
  const { object: asked } = route.useSearch();
  const all = comparedObjects(meta);
  const object = objectNamed(meta, asked) ?? all.find(each => each.duplicates.length > 0) ?? all[0];
  if (!object) return null;
  return (
    <>
      <Section
        title={t('settings.duplicates.title')}
        lead={t('rules.lead')}
        action={
          <span className={s.foot}>
            <Select
              label={t('rules.object')}
              value={object.name}
              options={all.map(each => ({ value: each.name, label: each.plural }))}
              onChange={name =>
                void navigate({ to: '/settings/duplicates', search: { object: name }, replace: true })
              }
            />
            {object.duplicates.length > 0 && (
              <Link to="/duplicates/$object" params={{ object: object.path }} className={q.link}>
                {t('rules.queue')}
              </Link>
            )}
          </span>
        }
      >
        <RulesOf key={object.name} object={object} />
      </Section>
      {object.duplicates.length > 0 && <Weighing key={object.name} object={object} />}
    </>
  );
}
