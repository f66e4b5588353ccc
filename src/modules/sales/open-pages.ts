/** The pages of this module for people who are not signed in, by the names of their links. */
import type { ComponentType } from 'react';

export const salesOpenPages: Record<string, () => Promise<{ default: ComponentType }>> = {
  form: () => import('./leads/FormPage.tsx'),
  quote: () => import('./quotes/QuotePage.tsx'),
};
