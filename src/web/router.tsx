import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { prefetchList } from './model/list-query.ts';
import { metaQuery, objectAt } from './model/meta.tsx';
import { readRecordSearch } from './model/moment-state.ts';
import type { ModulePage } from './model/pages.ts';
import type { ModulePart } from './model/parts.ts';
import { prefetchPage } from './model/records.ts';
import { readSearch } from './model/view-state.ts';
import { ListPage } from './records/ListPage.tsx';
import { readShareSearch } from './share/shared.ts';
import { Gate } from './shell/Gate.tsx';
import { Missing, PageError } from './shell/Missing.tsx';

interface ImportSearch {
  step?: 'columns' | 'check';
  /** An import under way, or what came of it. */
  job?: string;
  /** What rows become that nobody recognises: the list from which the person came. */
  object?: string;
}

const root = createRootRouteWithContext<{
  client: QueryClient;
  pages: ModulePage[];
  parts: ModulePart[];
}>()({
  notFoundComponent: Missing,
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    token: search.token === undefined ? undefined : String(search.token),
  }),
  component: lazyRouteComponent(() => import('./sign-in/Welcome.tsx'), 'Welcome'),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    token: search.token === undefined ? undefined : String(search.token),
  }),
  component: lazyRouteComponent(() => import('./sign-in/Reset.tsx'), 'Reset'),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  // Everything waits for it, and it for nothing.
  loader: ({ context }) => void context.client.prefetchQuery(metaQuery),
  component: Gate,
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./home/Home.tsx'), 'Home'),
});

const changes = createRoute({
  getParentRoute: () => frame,
  path: '/changes',
  component: lazyRouteComponent(() => import('./changes/Changes.tsx'), 'Changes'),
});

const imports = createRoute({
  getParentRoute: () => frame,
  path: '/import',
  validateSearch: (search: Record<string, unknown>): ImportSearch => ({
    step: search.step === 'columns' || search.step === 'check' ? search.step : undefined,
    job: typeof search.job === 'string' ? search.job : undefined,
    object: typeof search.object === 'string' ? search.object : undefined,
  }),
  component: lazyRouteComponent(() => import('./imports/ImportPage.tsx'), 'ImportPage'),
});

const share = createRoute({
  getParentRoute: () => frame,
  path: '/share',
  validateSearch: readShareSearch,
  component: lazyRouteComponent(() => import('./share/SharePage.tsx'), 'SharePage'),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/Settings.tsx'), 'Settings'),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true });
  },
});

const profile = createRoute({
  getParentRoute: () => settings,
  path: 'profile',
  component: lazyRouteComponent(() => import('./settings/Profile.tsx'), 'Profile'),
});

const security = createRoute({
  getParentRoute: () => settings,
  path: 'security',
  component: lazyRouteComponent(() => import('./settings/Security.tsx'), 'Security'),
});

const notifications = createRoute({
  getParentRoute: () => settings,
  path: 'notifications',
  component: lazyRouteComponent(() => import('./settings/Notifications.tsx'), 'Notifications'),
});

const keyboard = createRoute({
  getParentRoute: () => settings,
  path: 'keyboard',
  component: lazyRouteComponent(() => import('./settings/Keyboard.tsx'), 'Keyboard'),
});

const members = createRoute({
  getParentRoute: () => settings,
  path: 'members',
  component: lazyRouteComponent(() => import('./settings/Members.tsx'), 'Members'),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: 'keys',
  component: lazyRouteComponent(() => import('./settings/Keys.tsx'), 'Keys'),
});

const workspace = createRoute({
  getParentRoute: () => settings,
  path: 'workspace',
  component: lazyRouteComponent(() => import('./settings/Workspace.tsx'), 'Workspace'),
});

const objects = createRoute({
  getParentRoute: () => settings,
  path: 'objects',
  component: lazyRouteComponent(() => import('./settings/Objects.tsx'), 'Objects'),
});

const ofObject = (search: Record<string, unknown>): { object?: string } => ({
  object: search.object === undefined ? undefined : String(search.object),
});

const duplicateRules = createRoute({
  getParentRoute: () => settings,
  path: 'duplicates',
  validateSearch: ofObject,
  component: lazyRouteComponent(() => import('./duplicates/Rules.tsx'), 'Rules'),
});

const data = createRoute({
  getParentRoute: () => settings,
  path: 'data',
  component: lazyRouteComponent(() => import('./settings/Data.tsx'), 'Data'),
});

const duplicates = createRoute({
  getParentRoute: () => frame,
  path: '/duplicates/$object',
  component: lazyRouteComponent(() => import('./duplicates/DuplicatesPage.tsx'), 'DuplicatesPage'),
});

const quality = createRoute({
  getParentRoute: () => frame,
  path: '/quality/$object',
  component: lazyRouteComponent(() => import('./quality/Quality.tsx'), 'Quality'),
});

const list = createRoute({
  getParentRoute: () => frame,
  path: '/$object',
  validateSearch: readSearch,
  // When someone comes here or points at the way; from then on the page asks for itself.
  shouldReload: false,
  loader: ({ context, params, location }) => {
    prefetchList(context.client, params.object, readSearch(location.search)).catch(() => undefined);
  },
  component: ListPage,
});

const record = createRoute({
  getParentRoute: () => frame,
  path: '/$object/$id',
  validateSearch: readRecordSearch,
  loader: ({ context, params }) => {
    const ahead = async () => {
      const object = objectAt(await context.client.ensureQueryData(metaQuery), params.object);
      if (object) prefetchPage(context.client, object, params.id);
    };
    ahead().catch(() => undefined);
  },
  component: lazyRouteComponent(() => import('./records/RecordPage.tsx'), 'RecordPage'),
});

const settingsTree = settings.addChildren([
  settingsHome,
  profile,
  security,
  notifications,
  keyboard,
  members,
  apiKeys,
  workspace,
  objects,
  duplicateRules,
  data,
]);
const own = [home, changes, imports, share, duplicates, quality, settingsTree, list, record] as const;

/** The pages of modules stand beside our own. Their addresses are known at run time only, so the types leave them out. */
function treeWith(pages: ModulePage[]) {
  const more = pages.map(({ path, readSearch: validateSearch, load }) =>
    createRoute({
      getParentRoute: () => frame,
      path,
      validateSearch,
      component: lazyRouteComponent(load),
    }),
  );
  const children = [...own, ...more] as unknown as typeof own;
  return root.addChildren([welcome, reset, frame.addChildren(children)]);
}

/** Plain search parameters: what stands in the address is what the page reads, without quotes around words. */
function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function stringifySearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : '';
}

export function makeRouter(client: QueryClient, pages: ModulePage[], parts: ModulePart[]) {
  return createRouter({
    routeTree: treeWith(pages),
    context: { client, pages, parts },
    defaultPreload: 'intent',
    defaultPreloadDelay: 60,
    defaultErrorComponent: PageError,
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
