import { Button, IconButton } from './Button.tsx';
import { PageHeader } from './PageHeader.tsx';

const long = 'Danube Shipping and Forwarding Company of Lower Austria, formerly Brothers Huber and Sons';

export const Title = () => <PageHeader icon="building" title="Companies" />;

export const Actions = () => (
  <PageHeader icon="building" title="Companies" lead={<IconButton icon="arrow-left" label="Back to all" />}>
    <Button icon="refresh">Scan</Button>
    <Button look="primary" icon="plus">
      Add company
    </Button>
  </PageHeader>
);

export const Long = () => (
  <PageHeader icon="building" title={long}>
    <Button look="primary">Convert lead</Button>
  </PageHeader>
);
