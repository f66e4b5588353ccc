import { ToastItem } from './toast.tsx';

const nothing = () => undefined;
const long =
  'Danube Shipping and Forwarding Company of Lower Austria, formerly Brothers Huber and Sons, was merged';

export const Done = () => (
  <ToastItem
    closeLabel="Close"
    item={{ id: 1, text: 'Deal saved', tone: 'plain', action: { label: 'Undo', run: nothing } }}
  />
);

export const Wrong = () => (
  <ToastItem
    closeLabel="Close"
    item={{ id: 2, text: 'Nothing was saved', tone: 'wrong', detail: 'Another edit came first.' }}
  />
);

export const WithFile = () => (
  <ToastItem
    closeLabel="Close"
    item={{ id: 3, text: 'Export is ready', tone: 'plain', link: { label: 'Download', href: '#file' } }}
  />
);

export const Long = () => (
  <ToastItem
    closeLabel="Close"
    item={{ id: 4, text: long, tone: 'plain', detail: long, action: { label: 'Undo', run: nothing } }}
  />
);
