import './words.ts';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { Coming } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { FilesPanel } from '../files/FilesPanel.tsx';
import { useMeta } from '../model/meta.tsx';
import { type Panel, type PanelPlace, panelsAt, useLayout } from '../model/page-layout.ts';
import { useRecord } from '../model/records.ts';
import s from './Related.module.css';
import { factsOf, RelatedItem } from './RelatedItem.tsx';
import { RelatedList } from './RelatedList.tsx';
import { SidePanel } from './SidePanel.tsx';
import { TreeCard } from './TreeCard.tsx';

export interface RelatedProps {
  object: MetaObject;
  row: Row;
  /** ISO 8601: what was related then. */
  asOf?: string;
  /** With what belongs to the records below it. */
  below?: boolean;
}

/** A record this one points to, with the facts that matter about it. */
function Linked({ field, other, id }: { field: MetaField; other: MetaObject; id: string }) {
  const found = useRecord(other, id);
  if (found.isPending) return <Coming />;
  if (!found.data) return null;
  return (
    <SidePanel label={field.label}>
      <RelatedItem object={other} row={found.data} facts={factsOf(other, '')} />
    </SidePanel>
  );
}

export function usePanels(object: MetaObject, place: PanelPlace): Panel[] {
  return panelsAt(useMeta(), object, useLayout(object), place);
}

function PanelOf({ panel, ...props }: RelatedProps & { panel: Panel }) {
  if (panel.kind === 'list') return <RelatedList {...props} panel={panel} />;
  if (panel.kind === 'link') {
    const to = reference(props.row[panel.field.name]);
    return to && <Linked field={panel.field} other={panel.other} id={to.id} />;
  }
  // What was attached then, and what stood above, nobody asks.
  if (props.asOf) return null;
  if (panel.kind === 'hierarchy') return <TreeCard object={props.object} row={props.row} />;
  return <FilesPanel object={props.object} id={props.row.id} />;
}

/** What this record points to, and what leads here from other records. */
export function Related(props: RelatedProps) {
  const panels = usePanels(props.object, 'side');
  if (panels.length === 0) return <p className={s.none}>{t('related.nothing')}</p>;
  return (
    <div className={s.lists}>
      {panels.map(panel => (
        <PanelOf key={panel.name} {...props} panel={panel} />
      ))}
    </div>
  );
}
