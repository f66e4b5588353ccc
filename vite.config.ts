import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const api = process.env.FARLEY_API ?? 'http://127.0.0.1:3000';

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
        const content = await readFile(path);
        if (content.length < 1_024) continue;
        await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
        await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: { outDir: 'dist/web', emptyOutDir: true, target: 'es2022', sourcemap: false },
  server: { port: 5173, proxy: { '/api': { target: api, changeOrigin: false } } },
});
