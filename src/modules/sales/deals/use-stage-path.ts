/** The stages of a deal's pipeline, where it stands among them, and what the stage says. */
import type { Json, MetaObject } from '../../../engine/index.ts';
import { list, record, reference, str } from '../../../fields/read.tsx';
import { saidTitle } from '../../../fields/said.ts';
import type { Row } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { fieldOf, isEmpty, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions, useRecords } from '../../../web/model/records.ts';

export interface Step {
  id: string;
  name: string;
  /** `lost` stands aside: nobody is on the way there. */
  kind: string;
  state: 'behind' | 'here' | 'ahead';
}

export interface StagePath {
  steps: Step[];
  /** The stage it is in, as it is kept; undefined until known. */
  /** Whether the stages are still asked for. */
  coming: boolean;
  stage: Row | undefined;
  object: MetaObject | undefined;
  /** Whole days in it, and how many are allowed. */
  days: number | null;
  most: number | null;
  /** What the next open stage wants to know, and whether the deal says it. */
  wanted: { name: string; label: string; known: boolean }[];
  next: Row | undefined;
  move: ((stage: string) => void) | null;
}

const day = 86_400_000;

export function useStagePath(object: MetaObject, row: Row): StagePath {
  const meta = useMeta();
  const actions = useActions();
  const of = objectNamed(meta, 'stage');
  const pipeline = reference(row.pipeline)?.id ?? '';
  const found = useRecords(
    of ?? object,
    { filter: { field: 'pipeline', op: 'is', value: pipeline }, sort: ['position', 'name'], limit: 100 },
    of !== undefined && pipeline !== '',
  );
  const stages = of ? rowsOf(found.data) : [];
  const coming = of !== undefined && pipeline !== '' && found.isPending;
  const here = reference(row.stage)?.id;
  const at = stages.findIndex(({ id }) => id === here);
  const steps = stages.map((stage, index): Step => {
    const state = index === at ? 'here' : index < at ? 'behind' : 'ahead';
    return { id: stage.id, name: saidTitle(str(stage.name), 'stage'), kind: str(stage.kind), state };
  });
  const next = stages.slice(at + 1).find(({ kind }) => kind !== 'lost');
  const verb = object.verbs.find(({ name }) => name === 'move');
  const since = Date.parse(str(row.stageSince));
  return {
    coming,
    steps: steps.filter(({ kind, state }) => kind !== 'lost' || state === 'here'),
    stage: stages[at],
    object: of,
    days: Number.isNaN(since) ? null : Math.max(0, Math.floor((Date.now() - since) / day)),
    most: typeof stages[at]?.maxDays === 'number' ? stages[at].maxDays : null,
    wanted: at < 0 ? [] : wantedBy(next, object, row),
    next,
    move: verb ? stage => void actions.run(object, row.id, verb.name, verb.label, { stage }) : null,
  };
}

/** Only told: whether a deal may come there, the server says. */
function wantedBy(next: Row | undefined, object: MetaObject, row: Row): StagePath['wanted'] {
  const fields = list(next?.requires).map(str);
  const told = fields.flatMap(name => {
    const field = fieldOf(object, name);
    return field ? [{ name, label: field.label, known: !isEmpty(row[name]) }] : [];
  });
  const open = list(row.checklist).filter((step: Json) => record(step).done !== true);
  const steps = next?.gated === true ? open.map(step => str(record(step).text)) : [];
  return [...told, ...steps.map(label => ({ name: label, label, known: false }))];
}
