import { Rewind } from './Rewind.tsx';
import { SampleSection } from './Sample.tsx';

/** What concerns all records: sample data, and the way back to a moment. */
export function Data() {
  return (
    <>
      <Rewind />
      <SampleSection />
    </>
  );
}
