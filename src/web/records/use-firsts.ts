/** A form shows what links that are left open would become (`defaultFirst`), and keeps those that narrow each other in step. */
import { useEffect, useRef } from 'react';
import type { Json, Meta, MetaField } from '../../engine/index.ts';
import { narrowedBy } from '../../fields/link.view.tsx';
import { reference, str } from '../../fields/read.tsx';
import { type FieldServices, useFieldServices } from '../../fields/view.ts';
import { type Page, read } from '../api.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';

type Values = Record<string, Json>;
type Step = { field: MetaField; within: Record<string, string> } | { field: MetaField; of: MetaField };

/** What is to be found out next; null when nothing is. `filled`: field → what it was narrowed to when it got its value. */
export function nextFirst(fields: MetaField[], values: Values, filled: Record<string, string>): Step | null {
  const idOf = (name: string) => reference(values[name])?.id ?? '';
  const open = fields.filter(field => field.options.defaultFirst && field.relation);
  for (const of of open) {
    const field = open.find(({ name }) => name === narrowedBy(of));
    // What was chosen says where it belongs: a stage knows its pipeline.
    if (field && idOf(of.name) && !idOf(field.name)) return { field, of };
  }
  for (const field of open) {
    const by = narrowedBy(field);
    if (!by && !idOf(field.name)) return { field, within: {} };
    if (!by || !idOf(by)) continue;
    if (!idOf(field.name) || (filled[field.name] ?? idOf(by)) !== idOf(by))
      return { field, within: { [by]: idOf(by) } };
  }
  return null;
}

/** The first record there is, or the one that what was chosen belongs to; null where there is none. */
async function found(step: Step, meta: Meta, services: FieldServices, values: Values): Promise<Json> {
  const to = str(step.field.relation?.to ?? null);
  if ('within' in step) {
    const [first] = await services.searchRecords(to, '', step.within);
    return first ? { ...first } : null;
  }
  const target = objectNamed(meta, step.of.relation?.to ?? '');
  if (!target) return null;
  const id = reference(values[step.of.name])?.id ?? '';
  const page = await read<Page>(`/api/${target.path}/search`, {
    body: { filter: { field: 'id', op: 'is', value: id }, include: [step.field.name], limit: 1 },
  });
  const linked = reference(page.data[0]?.[step.field.name]);
  return linked ? { id: linked.id, title: linked.title } : null;
}

export function useFirsts(fields: MetaField[], values: Values, set: (name: string, value: Json) => void) {
  const meta = useMeta();
  const services = useFieldServices();
  const filled = useRef<Record<string, string>>({});
  const nothing = useRef(new Set<string>());
  const latest = useRef(set);
  latest.current = set;
  for (const field of fields) {
    const by = reference(values[narrowedBy(field) ?? ''])?.id;
    if (by && reference(values[field.name])) filled.current[field.name] ??= by;
  }
  const step = nextFirst(fields, values, filled.current);
  const key = step && JSON.stringify([step.field.name, 'of' in step ? values[step.of.name] : step.within]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that the step does.
  useEffect(() => {
    if (!step || !key || nothing.current.has(key)) return;
    let left = false;
    const none = () => nothing.current.add(key);
    void found(step, meta, services, values).then(first => {
      if (left) return;
      // The server has the word then, when the form is sent.
      if (!first) return void none();
      if ('within' in step) filled.current[step.field.name] = Object.values(step.within).join();
      latest.current(step.field.name, first);
    }, none);
    return () => {
      left = true;
    };
  }, [key]);
}
