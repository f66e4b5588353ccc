import '@fontsource-variable/inter/wght.css';
import '../kit/mantine.css';
import '../kit/tokens.css';
import '../kit/base.css';
import './i18n.ts';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { theme, variables } from '../kit/theme.ts';
import { salesPages } from '../modules/sales/pages.ts';
import { ApiError } from './api.ts';
import { metaKey } from './model/meta.tsx';
import { makeRouter } from './router.tsx';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 10 * 60_000,
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

client.getQueryCache().subscribe(event => {
  const { error } = event.query.state;
  const lost = event.type === 'updated' && error instanceof ApiError && error.status === 401;
  if (lost && event.query.queryKey[0] !== metaKey[0]) void client.invalidateQueries({ queryKey: metaKey });
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <RouterProvider router={makeRouter(client, salesPages)} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
