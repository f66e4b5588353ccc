/**
 * Menus and popovers. Mantine's measure, listen and place themselves from the moment they are drawn, and a list has dozens:
 * these draw the button alone until it is first used. From then on Mantine's stands beside it, as if the button were its own.
 */
import {
  Menu as MantineMenu,
  Popover as MantinePopover,
  type MenuDropdownProps,
  type MenuProps,
  type PopoverDropdownProps,
  type PopoverProps,
} from '@mantine/core';
import {
  type ComponentPropsWithRef,
  cloneElement,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

/** Stands where Mantine wants the button, and hands it the one that is drawn elsewhere. */
function Stand({ of, ref }: { of: RefObject<HTMLElement | null>; ref?: Ref<HTMLElement> }) {
  useLayoutEffect(() => {
    if (typeof ref === 'function') {
      const leave = ref(of.current);
      return typeof leave === 'function' ? leave : () => void ref(null);
    }
    if (ref) ref.current = of.current;
  }, [of, ref]);
  return null;
}

/** Opened one effect later than it is drawn: what opens at once would not know where the focus came from. */
function useDrawn(): boolean {
  const [drawn, setDrawn] = useState(false);
  useEffect(() => setDrawn(true), []);
  return drawn;
}

interface Drawn {
  button: RefObject<HTMLElement | null>;
}

interface MenuParts
  extends Pick<MenuProps, 'position' | 'width' | 'offset' | 'opened' | 'onChange' | 'closeOnItemClick'> {
  /** The button it opens at. */
  of: ReactElement<ComponentPropsWithRef<'button'>>;
  dropdown?: Pick<MenuDropdownProps, 'className' | 'mah' | 'style'>;
  /** Its entries: `Menu.Item`, `Menu.Label`, `Menu.Divider`. */
  children: ReactNode;
}

function DrawnMenu({
  opened,
  button,
  children,
  dropdown,
  ...rest
}: Omit<MenuParts, 'of'> & Drawn & { id: string }) {
  const drawn = useDrawn();
  return (
    <MantineMenu {...rest} opened={opened && drawn}>
      <MantineMenu.Target>
        <Stand of={button} />
      </MantineMenu.Target>
      <MantineMenu.Dropdown {...dropdown}>{children}</MantineMenu.Dropdown>
    </MantineMenu>
  );
}

/** A button and the menu it opens. */
export function Menu({ of, opened: given, onChange, ...rest }: MenuParts) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [own, setOwn] = useState(false);
  const [awake, setAwake] = useState(false);
  const opened = given ?? own;
  const turn = (to: boolean) => {
    setOwn(to);
    onChange?.(to);
  };
  if (opened && !awake) setAwake(true);
  return (
    <>
      {cloneElement(of as ReactElement<ComponentPropsWithRef<'button'> & { 'data-expanded'?: boolean }>, {
        id,
        ref: button,
        'aria-haspopup': 'menu',
        'aria-expanded': opened,
        'aria-controls': opened ? `${id}-dropdown` : undefined,
        'data-expanded': opened || undefined,
        onClick(event) {
          of.props.onClick?.(event);
          turn(!opened);
        },
      })}
      {awake && <DrawnMenu {...rest} id={id} opened={opened} onChange={turn} button={button} />}
    </>
  );
}

Menu.Item = MantineMenu.Item;
Menu.Label = MantineMenu.Label;
Menu.Divider = MantineMenu.Divider;

interface PopoverParts
  extends Pick<PopoverProps, 'position' | 'offset' | 'onChange' | 'onDismiss' | 'trapFocus' | 'withRoles'> {
  /** What it opens at, and what opens it by its own `onClick`. */
  of: ReactElement<HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> }>;
  opened: boolean;
  dropdown?: Pick<PopoverDropdownProps, 'className'>;
  children: ReactNode;
}

function DrawnPopover({
  opened,
  button,
  children,
  dropdown,
  ...rest
}: Omit<PopoverParts, 'of'> & Drawn & { id: string }) {
  const drawn = useDrawn();
  return (
    <MantinePopover {...rest} opened={opened && drawn}>
      <MantinePopover.Target>
        <Stand of={button} />
      </MantinePopover.Target>
      <MantinePopover.Dropdown {...dropdown}>{children}</MantinePopover.Dropdown>
    </MantinePopover>
  );
}

/** A part of the page and what opens at it. */
export function Popover({ of, opened, ...rest }: PopoverParts) {
  const id = useId();
  const button = useRef<HTMLElement>(null);
  const [awake, setAwake] = useState(false);
  if (opened && !awake) setAwake(true);
  const roles =
    rest.withRoles === false
      ? {}
      : {
          id,
          'aria-haspopup': 'dialog' as const,
          'aria-expanded': opened,
          'aria-controls': opened ? `${id}-dropdown` : undefined,
        };
  return (
    <>
      {cloneElement(of, { ref: button, ...roles })}
      {awake && <DrawnPopover {...rest} id={id} opened={opened} button={button} />}
    </>
  );
}
