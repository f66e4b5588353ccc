/** The gallery of stories: built for the journey that looks at it, and served by `npm run dev` under /test/gallery/. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

const folder = import.meta.dirname;
const name = 'virtual:field-examples';

/** Hands the examples, which the server's half of the types declares, to the browser. */
export function fieldExamples(): Plugin {
  return {
    name: 'field-examples',
    resolveId: id => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null;
      // By its address, so that the types stay out of Vite's own configuration.
      const path = pathToFileURL(join(folder, 'examples.ts')).href;
      const examples = (await import(/* @vite-ignore */ path)) as typeof import('./examples.ts');
      return `export default ${JSON.stringify(examples.fieldExamples())}`;
    },
  };
}

/** Builds the gallery into a folder. */
export async function buildGallery(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    plugins: [react(), fieldExamples()],
    build: { outDir, emptyOutDir: true, minify: false, target: 'es2022', chunkSizeWarningLimit: 20_000 },
  });
}
