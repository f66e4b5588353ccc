import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';
import { fieldExamples } from './test/gallery/vite.ts';

const entry = join(import.meta.dirname, 'src/web/main.tsx');
const api = process.env.FARLEY_API ?? 'http://127.0.0.1:3000';

/**
 * What every page needs is compiled whole while it comes in, beside the page's own thread; function by function, that
 * was a sixth of a first load. Chromium reads it at the very top of a file, where Vite puts something of its own until then.
 */
const wholly = '//# allFunctionsCalledOnLoad\n';

/** Puts a `.br` and a `.gz` beside what is worth it; the server sends those to browsers that take them. */
function compressed(): Plugin {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
  return {
    name: 'compressed',
    apply: 'build',
    // Of the files as they were written: other plugins change code up to the last moment.
    async writeBundle({ dir }, bundle) {
      const names = Object.keys(bundle).filter(name => /\.(js|css|json|svg)$/.test(name));
      for (const name of names) {
        const path = join(dir!, name);
        let content = await readFile(path);
        if (/^assets\/(react|libraries|frame)-[^.]*\.js$/.test(name)) {
          content = Buffer.concat([Buffer.from(wholly), content]);
          await writeFile(path, content);
        }
        if (content.length < 1_024) continue;
        await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
        await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
      }
    },
  };
}

/**
 * Tells the worker of the browser which files make up this version. What only some people use, such as other languages,
 * alphabets and maps, it keeps once they have used it.
 */
function shellFiles(): Plugin {
  const languages = readdirSync(join(import.meta.dirname, 'src/web/locales')).filter(name => name !== 'en');
  const own = /^assets\/.*\.(js|css|woff2)$/;
  const rare = new RegExp(`^assets/(${languages.join('|')})-|-(?!latin-)[\\w-]+-wght-normal`);
  return {
    name: 'shell-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const { worker } = Object.groupBy(Object.values(bundle), ({ fileName }) =>
          fileName === 'worker.js' ? 'worker' : 'other',
        );
        const [script] = worker ?? [];
        if (script?.type !== 'chunk') throw new Error('There is no worker.js.');
        const files = Object.keys(bundle)
          .filter(name => own.test(name) && !rare.test(name))
          .map(name => `/${name}`)
          .sort();
        const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12);
        script.code = script.code.replace('__SHELL__', JSON.stringify({ version, files }));
      },
    },
  };
}

/**
 * What the entry imports comes in two files, the libraries by themselves, instead of the sixty that pages share it in;
 * everything else stays with the page that asks for it.
 */
function ofEveryPage() {
  const eager = new Set<string>();
  return (id: string, graph: Pick<Rolldown.PluginContext, 'getModuleInfo'>): string | null => {
    const gather = (module: string) => {
      if (eager.has(module)) return;
      eager.add(module);
      graph.getModuleInfo(module)?.importedIds.forEach(gather);
    };
    if (eager.size === 0) gather(entry);
    if (!eager.has(id)) return null;
    return id.includes('/node_modules/') ? 'libraries' : 'frame';
  };
}

export default defineConfig({
  // The gallery of stories is served at /test/gallery/, and no part of what is built.
  plugins: [react(), shellFiles(), compressed(), { ...fieldExamples(), apply: 'serve' }],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      // The worker of the browser has an address of its own: it is in charge of what lies below it. That of the script that
      // puts a form into another website stands on that website.
      input: {
        index: 'index.html',
        open: 'open.html',
        worker: 'src/web/worker.ts',
        embed: 'src/web/open/embed.ts',
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'worker' || name === 'embed' ? `${name}.js` : 'assets/[name]-[hash].js',
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // Pages for outsiders need nothing but these and themselves.
            {
              name: 'react',
              test: /\/node_modules\/(react|react-dom|scheduler)\/|preload-helper|kit\/tokens\.css/,
            },
            { name: ofEveryPage(), debugName: 'of every page' },
            // All words of a language come in one file, as nobody needs half a language.
            {
              name: id => /\/locales\/(?!en\/)([\w-]+)\/(?!open\.)/.exec(id)?.[1] ?? null,
              debugName: 'languages',
            },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': { target: api, changeOrigin: false } } },
});
