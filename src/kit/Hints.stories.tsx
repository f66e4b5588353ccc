import { Button } from './Button.tsx';
import { Hints } from './Hints.tsx';

export const Above = () => (
  <>
    <Button data-hint="Ends the month with what was promised">Forecast</Button>
    <Hints />
  </>
);

export const Beside = () => (
  <>
    <Button data-hint="Companies" data-hint-side="end">
      C
    </Button>
    <Hints />
  </>
);
