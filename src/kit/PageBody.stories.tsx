import { PageBody } from './PageBody.tsx';

const text = 'What was changed, by whom and when: each change can be taken back, also the ones before it.';

export const Narrow = () => (
  <PageBody>
    <p>{text}</p>
  </PageBody>
);

export const Wide = () => (
  <PageBody wide>
    <p>{text.repeat(3)}</p>
  </PageBody>
);
