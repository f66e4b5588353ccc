import './path-words.ts';
import { useEffect } from 'react';
import { reference } from '../../../fields/read.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import type { FormPartProps } from '../../../web/model/parts.ts';
import { useRecords } from '../../../web/model/records.ts';

/** A new pipeline starts with the stages of the default one, unless its maker wants those of another or none. */
export default function PipelineStart({ values, set }: FormPartProps) {
  const meta = useMeta();
  const object = objectNamed(meta, 'pipeline') ?? meta.objects[0]!;
  const found = useRecords(object, { sort: object.list.sort, limit: 50 });
  const pipelines = rowsOf(found.data).map(row => ({ id: row.id, title: titleOf(meta, object, row) }));
  const first = pipelines[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as there is one.
  useEffect(() => {
    if (first && values.template === undefined) set('template', pipelines[0]!);
  }, [first]);
  if (!first) return null;
  return (
    <Select
      label={t('path.start')}
      value={reference(values.template)?.id ?? ''}
      options={[
        ...pipelines.map(({ id, title }) => ({ value: id, label: t('path.like', { pipeline: title }) })),
        { value: '', label: t('path.bare') },
      ]}
      onChange={id => set('template', pipelines.find(each => each.id === id) ?? null)}
    />
  );
}
