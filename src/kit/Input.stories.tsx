import { Area, Input, Labelled } from './Input.tsx';

const long = 'Danube Shipping and Forwarding Company of Lower Austria, formerly Brothers Huber';

export const Empty = () => (
  <Labelled label="Company" htmlFor="input-empty">
    <Input id="input-empty" placeholder="Kaffeehaus Nord" />
  </Labelled>
);

export const Filled = () => (
  <Labelled label="Company" htmlFor="input-filled" required help="As it stands in the register.">
    <Input id="input-filled" defaultValue="Kaffeehaus Nord" />
  </Labelled>
);

export const Long = () => (
  <Labelled label={long} htmlFor="input-long" help={long}>
    <Input id="input-long" defaultValue={long} />
  </Labelled>
);

export const Refused = () => (
  <Labelled
    label="Close date"
    htmlFor="input-refused"
    required
    error="Close date takes a day, such as 2026-11-30."
  >
    <Input id="input-refused" wrong defaultValue="soon" />
  </Labelled>
);

export const Disabled = () => (
  <Labelled label="Number" htmlFor="input-disabled">
    <Input id="input-disabled" disabled defaultValue="D-0042" />
  </Labelled>
);

export const InACell = () => <Input place="cell" aria-label="Company" defaultValue="Kaffeehaus Nord" />;

export const Lines = () => (
  <Labelled label="Note" htmlFor="input-lines">
    <Area id="input-lines" defaultValue={`${long}\n${long}`} />
  </Labelled>
);

export const LinesRefused = () => (
  <Labelled label="Note" htmlFor="input-lines-refused" error="Note takes at most 5,000 characters.">
    <Area id="input-lines-refused" wrong defaultValue={long} />
  </Labelled>
);
