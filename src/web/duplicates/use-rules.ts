/** The rules of an object: reading them, and changing all of them at once. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { MetaObject, RuleSetting } from '../../engine/index.ts';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { read, write } from '../api.ts';
import { inText } from '../model/language.ts';
import { metaKey } from '../model/meta.tsx';
import { fail, keys } from '../model/records.ts';
import { rememberScan } from './scan.ts';

/** `own`: of the workspace alone, so that it can be taken away. */
export type Rule = RuleSetting & { own?: boolean };

const rulesKey = (object: MetaObject) => ['duplicateRules', object.name] as const;

export function useRules(object: MetaObject) {
  return useQuery({
    queryKey: rulesKey(object),
    queryFn: ({ signal }) =>
      read<{ rules: Rule[]; filing: boolean }>(`/api/${object.path}/duplicate-rules`, { signal }),
    refetchInterval: ({ state }) => (state.data?.filing ? 3_000 : false),
  });
}

/** Changes all rules of an object at once; says so, and offers those it had. */
export function useChangeRules(object: MetaObject) {
  const client = useQueryClient();
  async function change(rules: Rule[], before?: Rule[]) {
    const answer = await write<{ rules: Rule[]; run: string | null }>(
      'PUT',
      `/api/${object.path}/duplicate-rules`,
      { rules: rules.map(({ own: _, ...rule }) => rule) },
    );
    client.setQueryData(rulesKey(object), {
      rules: answer.data.rules,
      filing: answer.data.run !== null,
    });
    if (answer.data.run) rememberScan(object, answer.data.run);
    void client.invalidateQueries({ queryKey: metaKey });
    void client.invalidateQueries({ queryKey: keys.object(object.name) });
    void client.invalidateQueries({ queryKey: ['changeSets'] });
    const undo = before && { action: { label: t('toast.undo'), run: () => void change(before).catch(fail) } };
    const text = answer.data.run ? 'rules.scanning' : 'rules.saved';
    toast(t(text, { objects: inText(object.plural) }), undo);
  }
  return change;
}
