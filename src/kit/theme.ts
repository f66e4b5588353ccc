import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
} from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef7f6',
  '#e0efed',
  '#bcdcd9',
  '#8dc0bb',
  '#57a19b',
  '#2f8781',
  '#1f7c77',
  '#0d6663',
  '#0a5452',
  '#083f3e',
];

const transition = { transition: 'fade' as const, duration: 120 };

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Popover: Popover.extend({ defaultProps: { shadow: 'none', transitionProps: transition, radius: 8 } }),
    Menu: Menu.extend({
      // The placeholder is a focusable element that menus may not contain (ARIA); the first entry takes the focus.
      defaultProps: {
        shadow: 'none',
        transitionProps: transition,
        radius: 8,
        withInitialFocusPlaceholder: false,
      },
    }),
    Modal: Modal.extend({
      defaultProps: { radius: 12, centered: false, yOffset: '10vh', transitionProps: transition },
    }),
  },
});

/** Mantine's own variables follow the tokens, so that there is one set of colours. */
export const variables: CSSVariablesResolver = () => {
  const tokens = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--hairline-strong)',
    '--mantine-color-error': 'var(--wrong)',
    '--mantine-color-anchor': 'var(--accent-text)',
  };
  return { variables: {}, light: tokens, dark: tokens };
};
