import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import type { Meta } from '../../engine/index.ts';
import { type FieldServices, FieldServicesContext } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { ErrorState } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, type Page, type Row, read, upload } from '../api.ts';
import { localeFor, useSpoken, worded } from '../model/language.ts';
import { formatOf, lookOf, MetaContext, objectNamed, titleOf, useMetaQuery } from '../model/meta.tsx';
import { fail } from '../model/records.ts';
import { Failure } from './Missing.tsx';
import s from './Shell.module.css';
import { Shell } from './Shell.tsx';

const Conditions = lazy(() => import('../records/Conditions.tsx'));
const SignIn = lazy(() => import('../sign-in/SignIn.tsx'));

function servicesOf(meta: Meta): FieldServices {
  return {
    ...formatOf(meta),
    Conditions: props => (
      <Suspense fallback={null}>
        <Conditions {...props} />
      </Suspense>
    ),
    objects: meta.objects
      .filter(o => !o.setup && !o.timeline && o.listed)
      .map(({ name, label }) => ({ name, label })),
    fieldsOf: (name, which) =>
      (objectNamed(meta, name)?.fields ?? []).filter(field => {
        if (which === 'moments') return viewOf(field.type).moment !== undefined;
        if (which === 'amounts')
          return !field.system && !field.hidden && field.aggregates.some(each => each.name === 'sum');
        return field.editable && !field.system;
      }),
    async readValue(name, id, field) {
      const object = objectNamed(meta, name);
      if (!object) return null;
      const found = await read<Row>(`/api/${object.path}/${id}?fields=${field}`).catch(() => null);
      return found?.[field] ?? null;
    },
    look: name => lookOf(meta, name),
    recordUrl: (name, id) => `/${objectNamed(meta, name)?.path ?? name}/${id}`,
    async searchRecords(name, text, within = {}) {
      const object = objectNamed(meta, name);
      if (!object) return [];
      const page = await read<Page>(`/api/${object.path}/search`, {
        body: {
          limit: 12,
          fields: [object.title],
          filter: { and: Object.entries(within).map(([field, value]) => ({ field, op: 'is', value })) },
          ...(text ? { q: text } : { sort: object.list.sort }),
        },
      });
      return page.data.map(row => ({ id: row.id, title: titleOf(meta, object, row) }));
    },
    async upload(file) {
      try {
        const made = await upload<Row>(`/api/uploads?name=${encodeURIComponent(file.name)}`, file);
        return { id: made.id, title: file.name };
      } catch (error) {
        fail(error);
        return null;
      }
    },
  };
}

/** Links made by field views are plain anchors; the router takes them, so that the page does not load anew. */
function useInnerLinks() {
  const router = useRouter();
  useEffect(() => {
    function onClick(event: MouseEvent) {
      const anchor = event.target instanceof Element ? event.target.closest('a[data-link]') : null;
      if (!anchor || event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      void router.navigate({ href: anchor.getAttribute('href') ?? '/' });
    }
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, [router]);
}

/** Nothing can be shown: without a connection, that is said and tried again by itself once there is one. */
function Shut({ error, retry }: { error: unknown; retry(): void }) {
  const again = useRef(retry);
  again.current = retry;
  useEffect(() => {
    const back = () => again.current();
    window.addEventListener('online', back);
    const soon = setInterval(back, 10_000);
    return () => {
      window.removeEventListener('online', back);
      clearInterval(soon);
    };
  }, []);
  const offline = error instanceof ApiError && error.code === 'offline';
  return (
    <main className={s.shut}>
      {offline ? (
        <ErrorState
          title={t('error.offlineTitle')}
          text={t('error.offlineStart')}
          action={<Button onClick={retry}>{t('error.retry')}</Button>}
        />
      ) : (
        <Failure error={error} retry={retry} />
      )}
    </main>
  );
}

/** Knows who is here: shows the sign-in page to strangers, the application to everyone else. */
export function Gate() {
  const meta = useMetaQuery();
  const spoken = useSpoken(meta.data && localeFor(meta.data));
  const own = useMemo(() => (meta.data && spoken ? worded(meta.data, spoken) : null), [meta.data, spoken]);
  const services = useMemo(() => (own ? servicesOf(own) : null), [own]);
  useInnerLinks();
  if (meta.error instanceof ApiError && meta.error.status === 401) {
    return (
      <Suspense fallback={null}>
        <SignIn onDone={() => void meta.refetch()} />
      </Suspense>
    );
  }
  if (meta.error && !meta.data) return <Shut error={meta.error} retry={() => void meta.refetch()} />;
  if (!own || !services) return null;
  return (
    <MetaContext value={own}>
      <FieldServicesContext value={services}>
        {/* A language is a new page: nothing of the old one stays on it. */}
        <Shell key={spoken} />
      </FieldServicesContext>
    </MetaContext>
  );
}
