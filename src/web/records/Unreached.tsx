import { useQuery } from '@tanstack/react-query';
import { unmarked } from '../../fields/mentions.ts';
import { useFieldServices } from '../../fields/view.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import s from './Composer.module.css';

interface UnreachedProps {
  /** What is being written, and about what. */
  kind: string;
  object: string;
  id: string;
  text: string;
}

/** Says while one writes which of those who are named will not be told: they cannot see it. */
export function Unreached({ kind, object, id, text }: UnreachedProps) {
  const { locale } = useFieldServices();
  const { names } = unmarked(text);
  const users = [...names.values()].sort();
  const found = useQuery({
    queryKey: ['unreached', kind, object, id, users],
    queryFn: ({ signal }) =>
      read<{ users: string[] }>('/api/reports/unreached', { body: { kind, object, id, users }, signal }),
    enabled: users.length > 0,
    staleTime: 60_000,
    retry: false,
  });
  const out = [...names].filter(([, user]) => found.data?.users.includes(user)).map(([name]) => name);
  if (users.length === 0 || out.length === 0) return null;
  const people = new Intl.ListFormat(locale, { type: 'conjunction' }).format(out);
  return (
    <p className={s.unreached} role="status">
      <Icon name="eye-off" size={14} />
      {t('composer.unreached', { people })}
    </p>
  );
}
