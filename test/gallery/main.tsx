/** All stories on one page, in a theme and a language of the address: `?theme=dark&language=ar&of=money`. */
import '@fontsource-variable/inter/wght.css';
import '../../src/kit/mantine.css';
import '../../src/kit/tokens.css';
import '../../src/kit/base.css';
import './gallery.css';
import examples from 'virtual:field-examples';
import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Component, type ComponentType, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { type FieldServices, FieldServicesContext } from '../../src/fields/view.ts';
import { storiesOf } from '../../src/fields/views.stories.tsx';
import { viewOf } from '../../src/fields/views.ts';
import { Select } from '../../src/kit/Select.tsx';
import { theme, variables } from '../../src/kit/theme.ts';
import { languages, speak } from '../../src/web/i18n.ts';

const address = new URL(location.href);
const dark = address.searchParams.get('theme') === 'dark';
const language = address.searchParams.get('language') ?? 'en';
const only = address.searchParams.get('of');

const services: FieldServices = {
  locale: language,
  timeZone: 'UTC',
  currency: 'EUR',
  country: 'AT',
  searchRecords: async () => [{ id: '019a0000-0000-7000-8000-000000000001', title: 'Kaffeehaus Nord' }],
  recordUrl: (object, id) => `#${object}/${id}`,
  look: object => (object === 'user' || object === 'person' ? 'round' : 'square'),
  objects: ['company', 'deal', 'person', 'user'].map(name => ({ name, label: name })),
  fieldsOf: () => ['closeDate', 'amount', 'nextStep'].map(name => ({ name, label: name })),
  readValue: async () => null,
  Conditions: ({ object }) => <span>{object}</span>,
  upload: async () => null,
};

/** A story that throws says so in its place, and in the console. */
class Guard extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    return this.state.error ? <pre>{String(this.state.error)}</pre> : this.props.children;
  }
}

interface Shown {
  name: string;
  width?: number;
  element: ReactNode;
}

function Group({ name, stories, part }: { name: string; stories: Shown[]; part?: boolean }) {
  return (
    <section className="gallery-group" data-group={name} aria-label={name}>
      <h2>{name}</h2>
      <div className="gallery-stories">
        {stories.map(({ name: story, width, element }) => (
          <figure key={story} className="gallery-story" data-story={`${name} ${story}`}>
            <figcaption>{story}</figcaption>
            <div
              className="gallery-frame"
              data-part={part || undefined}
              data-cell={width ? true : undefined}
              data-align={width ? viewOf(name).align : undefined}
              style={{ inlineSize: width }}
            >
              <Guard>{element}</Guard>
            </div>
          </figure>
        ))}
      </div>
    </section>
  );
}

const parts = import.meta.glob<Record<string, ComponentType>>('../../src/kit/*.stories.tsx', { eager: true });

function go(name: string, value: string) {
  address.searchParams.set(name, value);
  location.href = address.href;
}

function Gallery() {
  const groups = [
    ...Object.entries(parts).map(([path, stories]) => ({
      name: path.replace(/^.*\/|\.stories\.tsx$/g, ''),
      part: true,
      stories: Object.entries(stories).map(([name, Story]) => ({ name, element: <Story /> })),
    })),
    ...examples.map(example => ({ name: example.field.type, part: false, stories: storiesOf(example) })),
  ];
  return (
    <>
      <div className="gallery-bar">
        <Select
          label="Theme"
          value={dark ? 'dark' : 'light'}
          options={['light', 'dark'].map(value => ({ value, label: value }))}
          onChange={value => go('theme', value)}
        />
        <Select
          label="Language"
          value={language}
          options={languages.map(value => ({ value, label: value }))}
          onChange={value => go('language', value)}
        />
      </div>
      <h1 className="sr-only">Stories</h1>
      {groups
        .filter(({ name }) => !only || name === only)
        .map(({ name, stories, part }) => (
          <Group key={name} name={name} stories={stories} part={part} />
        ))}
    </>
  );
}

await speak(language);
const direction = document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr';
createRoot(document.getElementById('root')!).render(
  <DirectionProvider initialDirection={direction} detectDirection={false}>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      forceColorScheme={dark ? 'dark' : 'light'}
    >
      <FieldServicesContext value={services}>
        <Gallery />
      </FieldServicesContext>
    </MantineProvider>
  </DirectionProvider>,
);
