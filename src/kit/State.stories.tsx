import { Button } from './Button.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonLines } from './State.tsx';

const long =
  'Deals that were neither won nor lost within the last twelve months, of everyone who reports to someone who reports to you';

export const Empty = () => <EmptyState icon="currency-euro" title="No deals yet" />;

export const EmptyWithAction = () => (
  <EmptyState
    icon="currency-euro"
    title="No deals yet"
    text="A deal is a sale that may come about: with whom, for how much, and until when."
    action={<Button look="primary">Add deal</Button>}
  />
);

export const EmptyLong = () => <EmptyState icon="filter" title={long} text={long} />;

export const Failed = () => (
  <ErrorState
    title="The list could not be fetched"
    text="What you changed is kept. Try again in a moment."
    requestId="019a0000-0000-7000-8000-000000000001"
    action={<Button icon="refresh">Try again</Button>}
  />
);

export const FailedBare = () => <ErrorState title="This page is not there" />;

export const Waiting = () => <SkeletonLines count={3} />;

export const WaitingForAWord = () => <Skeleton width={120} />;
