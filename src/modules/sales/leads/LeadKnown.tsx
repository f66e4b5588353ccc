import { t } from '../../../kit/words.ts';
import { useSame } from '../../../web/duplicates/pairs.ts';
import { SameAs } from '../../../web/duplicates/SameAs.tsx';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { FormPartProps } from '../../../web/model/parts.ts';
import s from './LeadParts.module.css';

/** Below a new lead: the person and the company that are on file already. The lead is linked to them when it is assigned. */
export default function LeadKnown({ values }: FormPartProps) {
  const { name = null, email = null, phone = null, companyName = null, website = null } = values;
  return (
    <div className={s.known}>
      <OnFile object="person" values={{ name, email, phone, mobile: phone }} />
      <OnFile object="company" values={{ name: companyName, website }} />
    </div>
  );
}

function OnFile({ object: name, values }: { object: string; values: FormPartProps['values'] }) {
  const object = objectNamed(useMeta(), name);
  const hits = useSame(object, values);
  if (!object || hits.length === 0) return null;
  const open = (id: string) => window.open(`/${object.path}/${id}`, '_blank', 'noreferrer');
  // What another object's rule refuses keeps nobody from making a lead.
  const told = hits.map(hit => ({ ...hit, mode: 'warn' as const }));
  return (
    <SameAs object={object} hits={told} actions={[{ label: t('same.open'), run: hit => open(hit.id) }]} />
  );
}
