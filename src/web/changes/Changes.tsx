import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../kit/Button.tsx';
import { PageBody } from '../../kit/PageBody.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import { Failure } from '../shell/Missing.tsx';
import { ChangeItem, type ChangeSet } from './ChangeItem.tsx';
import s from './Changes.module.css';

interface ChangeSets {
  data: ChangeSet[];
  next: string | null;
}

function useChangeSets() {
  return useInfiniteQuery<
    ChangeSets,
    Error,
    InfiniteData<ChangeSets, string | null>,
    readonly unknown[],
    string | null
  >({
    queryKey: ['changeSets'],
    queryFn: ({ pageParam, signal }) =>
      read<ChangeSets>(`/api/change-sets${pageParam ? `?after=${pageParam}` : ''}`, { signal }),
    initialPageParam: null,
    getNextPageParam: page => page.next,
  });
}

function Body() {
  const found = useChangeSets();
  const sets = found.data?.pages.flatMap(page => page.data) ?? [];
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <SkeletonLines count={10} height={52} />;
  if (sets.length === 0) return <EmptyState icon="history" title={t('changes.empty')} />;
  return (
    <>
      <ul className={s.list}>
        {sets.map(set => (
          <ChangeItem key={set.id} set={set} />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button look="quiet" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('changes.more')}
        </Button>
      )}
    </>
  );
}

/** What was done lately, and the way back from each of it. */
export function Changes() {
  return (
    <>
      <PageHeader icon="history" title={t('changes.title')} />
      <PageBody>
        <p className={s.lead}>{t('changes.lead')}</p>
        <Body />
      </PageBody>
    </>
  );
}
