import { resolve } from 'node:path';
import { build, type Rolldown } from 'vite';

const SOURCES = resolve('ui') + '/';

/**
 * Bundles a module that the web apps share, which is not compiled with the rest, and loads it in Node.
 * @param path below `ui`
 * @returns its exports; the caller says what they are
 */
export async function loadWebModule(path: string): Promise<unknown> {
  const code = await bundleWebModule(SOURCES + path, 'es');
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

/** Bundles a module with all it imports into one script; wasm files stay out. */
export async function bundleWebModule(entry: string, format: 'es' | 'iife', name = 'Bundled'): Promise<string> {
  const result = (await build({
    configFile: false,
    root: SOURCES,
    logLevel: 'error',
    publicDir: false,
    define: {
      __BUILT_AT__: '"2026-11-20T00:00:00Z"',
      __SINGLE_FILE__: 'false',
      'process.env.NODE_ENV': '"production"',
    },
    build: {
      write: false,
      minify: false,
      assetsInlineLimit: 0,
      target: 'es2022',
      lib: { entry, formats: [format], name },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput[];
  const chunk = result[0]?.output.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error(`${entry} gave no script`);
  return chunk.code;
}
