import '@fontsource-variable/inter/wght.css';
import '../kit/mantine.css';
import '../kit/tokens.css';
import '../kit/base.css';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import i18next from 'i18next';
import { StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Hints } from '../kit/Hints.tsx';
import { theme, variables } from '../kit/theme.ts';
import { t } from '../kit/words.ts';
import { activityPages, activityParts } from '../modules/activities/pages.ts';
import { salesPages, salesParts } from '../modules/sales/pages.ts';
import { ApiError } from './api.ts';
import { rememberedLocale, speak } from './i18n.ts';
import { metaKey } from './model/meta.tsx';
import { makeRouter } from './router.tsx';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      // What was refused or failed is told at once; what may only be away for a moment is asked again.
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status <= 500),
    },
  },
});

client.getQueryCache().subscribe(event => {
  const { error } = event.query.state;
  const lost = event.type === 'updated' && error instanceof ApiError && error.status === 401;
  if (lost && event.query.queryKey[0] !== metaKey[0]) void client.invalidateQueries({ queryKey: metaKey });
});

const router = makeRouter(client, [...activityPages, ...salesPages], [...activityParts, ...salesParts]);

function listen(changed: () => void) {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}

function App() {
  const direction = useSyncExternalStore(listen, () => t('language.direction')) === 'rtl' ? 'rtl' : 'ltr';
  return (
    <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <Hints />
      </MantineProvider>
    </DirectionProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  // Before anyone has signed in, the browser's language; without its words, English.
  await speak(rememberedLocale()).catch(() => undefined);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  // What is kept for the next start waits until this one is over.
  if (import.meta.env.PROD && 'serviceWorker' in navigator)
    setTimeout(() => void navigator.serviceWorker.register('/worker.js').catch(() => undefined), 5_000);
}
