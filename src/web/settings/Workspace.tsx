import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Json, MetaField } from '../../engine/index.ts';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { read, write } from '../api.ts';
import { metaKey, useMeta } from '../model/meta.tsx';
import { blank } from '../records/use-form.ts';
import { Failure } from '../shell/Missing.tsx';
import { Section, SettingsForm } from './parts.tsx';
import { choiceField } from './use-roles.ts';

const key = ['workspace'] as const;
const locales =
  'ar bg cs da de-AT de-CH de-DE el en en-AU en-CA en-GB en-IE en-IN en-US es es-MX et fi fr fr-BE fr-CA fr-CH he hi hr hu id it ja ko lt lv nb nl nl-BE pl pt-BR pt-PT ro sk sl sr sv th tr uk vi zh-CN zh-TW'.split(
    ' ',
  );

function localeName(locale: string, inLocale: string): string {
  try {
    return (
      new Intl.DisplayNames([inLocale], { type: 'language', languageDisplay: 'standard' }).of(locale) ??
      locale
    );
  } catch {
    return locale;
  }
}

function currencies(locale: string) {
  const names = new Intl.DisplayNames([locale], { type: 'currency' });
  return Intl.supportedValuesOf('currency').map(code => ({
    value: code,
    label: `${code} · ${names.of(code)}`,
  }));
}

/** How people here write dates, numbers, amounts and phone numbers. */
function useFields(now: string | undefined): MetaField[] {
  const { locale } = useMeta().workspace;
  const word = (name: string) => t(`settings.workspace.${name}`);
  const known = now && !locales.includes(now) ? [now, ...locales] : locales;
  return [
    { ...blank, name: 'label', label: word('label'), required: true },
    {
      ...choiceField(
        'locale',
        word('locale'),
        known.map(value => ({ value, label: localeName(value, locale) })),
      ),
      help: word('localeHelp'),
    },
    { ...blank, name: 'timeZone', label: word('timeZone'), required: true, type: 'timeZone' },
    {
      ...blank,
      name: 'country',
      label: word('country'),
      help: word('countryHelp'),
      required: true,
      type: 'country',
    },
    { ...choiceField('currency', word('currency'), currencies(locale)), help: word('currencyHelp') },
  ];
}

export function Workspace() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: key, queryFn: () => read<Record<string, Json>>('/api/workspace') });
  const fields = useFields(typeof found.data?.locale === 'string' ? found.data.locale : undefined);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={5} height={56} />;
  return (
    <Section title={t('settings.workspace.title')} lead={t('settings.workspace.lead')}>
      <SettingsForm
        fields={fields}
        initial={found.data}
        label={t('settings.workspace.save')}
        save={async values => {
          const answer = await write<Record<string, Json>>('PATCH', '/api/workspace', values);
          client.setQueryData(key, answer.data);
          void client.invalidateQueries({ queryKey: metaKey });
          toast(t('settings.saved'));
        }}
      />
    </Section>
  );
}
