import { str } from '../../fields/read.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useHomeParts } from '../model/parts.ts';
import { useViews } from '../model/views.ts';
import { AtHand, RecentlySeen } from './AtHand.tsx';
import { Attention } from './Attention.tsx';
import type { Block } from './arrangement.ts';
import { isToDo, MyTasks } from './MyTasks.tsx';
import { Recent } from './Recent.tsx';
import { TodayBlock } from './TodayBlock.tsx';
import { ViewBlock } from './ViewBlock.tsx';

/** What stands in a block. */
export function BlockOf({ block }: { block: Block }) {
  const meta = useMeta();
  const { kind, view } = block;
  const [Brought] = useHomeParts(kind, name => objectNamed(meta, name) !== undefined);
  if (kind === 'view') return view ? <ViewBlock id={view} /> : null;
  if (kind === 'today') return <TodayBlock />;
  if (kind === 'seen') return <RecentlySeen />;
  if (kind === 'favourites') return <AtHand />;
  if (kind === 'recent') return <Recent />;
  if (Brought) return <Brought />;
  if (kind === 'targets') return null;
  if (kind === 'tasks')
    return meta.objects.filter(isToDo).map(object => <MyTasks key={object.name} object={object} />);
  return meta.objects
    .filter(object => object.attention.length > 0)
    .map(object => <Attention key={object.name} object={object} />);
}

/** What a block is called. */
export function useBlockName() {
  const { views } = useViews();
  return ({ kind, view }: Block) => {
    if (kind !== 'view') return t(`arrange.block.${kind}`);
    const found = views.find(({ id }) => id === view);
    return found ? t('arrange.block.view', { view: str(found.name) }) : t('arrange.block.gone');
  };
}
