import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.FARLEY_API ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist/web', emptyOutDir: true, target: 'es2022', sourcemap: false },
  server: { port: 5173, proxy: { '/api': { target: api, changeOrigin: false } } },
});
