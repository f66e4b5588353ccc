import '../../kit/tokens.css';
import './open.css';
import { type ComponentType, lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { salesOpenPages } from '../../modules/sales/open-pages.ts';
import { type Visit, VisitProvider } from './page.ts';
import { learnWords } from './words.ts';

/** Pages by the name of their link: `/open/{name}/{token}`, and those that everyone may know: `/f/{token}`. */
const pages: Record<string, () => Promise<{ default: ComponentType }>> = { ...salesOpenPages };

const [, first, ...rest] = location.pathname.split('/');
const [name = '', token = ''] = first === 'open' ? rest : ['form', ...rest];

function Gone({ t }: Visit) {
  return (
    <main className="notice">
      <p>{t('open.gone')}</p>
    </main>
  );
}

function followTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    document.documentElement.dataset.mantineColorScheme = dark.matches ? 'dark' : 'light';
  };
  show();
  dark.addEventListener('change', show);
}

async function begin() {
  followTheme();
  const visit: Visit = { ...(await learnWords()), address: `/api/open/${name}/${token}` };
  const load = Object.hasOwn(pages, name) ? pages[name] : undefined;
  const Page = load && lazy(load);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <VisitProvider value={visit}>
        {Page ? (
          <Suspense fallback={<p className="notice">{visit.t('open.loading')}</p>}>
            <Page />
          </Suspense>
        ) : (
          <Gone {...visit} />
        )}
      </VisitProvider>
    </StrictMode>,
  );
}

void begin();
