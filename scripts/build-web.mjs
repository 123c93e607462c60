// Builds the web apps: the employer's verifier (verifier/web) and the worker's wallet (wallet/web) as apps that a server or folder of
// files offers, installable and offline; the verifier as one HTML file that needs nothing else; and the console (issuer/web).
// `node scripts/build-web.mjs [out] [app]` writes <out>/verifier/app/, <out>/verifier/verifier.html, <out>/wallet/app/ and
// <out>/issuer/app/, or one app only.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { leanPdf } from './lean-pdf.mjs';
import { ROOT } from './prepare.mjs';

const VERIFIER = {
  root: `${ROOT}verifier/web`,
  worker: `${ROOT}verifier/web/src/worker/entry.ts`,
  manifest: {
    name: '一证 · 证书核验',
    short_name: '一证核验',
    description: '职业技能证书离线核验 · offline check of skill certificates',
  },
};
const WALLET = {
  root: `${ROOT}wallet/web`,
  worker: `${ROOT}wallet/web/src/worker/entry.ts`,
  manifest: {
    name: '一证 · 证书夹',
    short_name: '一证证书夹',
    description: '职业技能证书夹，只在本机 · a wallet for skill certificates, on this device only',
  },
};
const CONSOLE = { root: `${ROOT}issuer/web`, worker: `${ROOT}ui/worker/entry.ts` };
const { version: VERSION } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
const TARGET = ['chrome109', 'safari16', 'firefox115'];

/** Builds all of them into a folder, or with `only` one app. */
export async function buildWeb(out, only) {
  const builtAt = `${new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  await Promise.all([
    ...(only === 'wallet' || only === 'console'
      ? []
      : [buildApp(VERIFIER, `${out}/verifier/app`, builtAt), buildSingleFile(`${out}/verifier`, builtAt)]),
    ...(only === 'verifier' || only === 'console' ? [] : [buildApp(WALLET, `${out}/wallet/app`, builtAt)]),
    ...(only === undefined || only === 'console' ? [buildConsole(`${out}/issuer/app`, builtAt)] : []),
  ]);
}

function shared(root, builtAt, single) {
  return {
    configFile: false,
    root,
    base: './',
    mode: 'production',
    logLevel: 'error',
    define: {
      __BUILT_AT__: JSON.stringify(builtAt),
      __VERSION__: JSON.stringify(VERSION),
      __SINGLE_FILE__: String(single),
      'process.env.NODE_ENV': '"production"',
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  };
}

/** The contexts come as data; where they were copied from is of no use in a browser. */
const withoutContextFiles = {
  name: 'yizheng:no-context-files',
  transform: {
    filter: { id: /credentials-context\/lib\/index\.js$/ },
    handler: (code) => code.replaceAll(/new URL\([^)]*\)/g, 'undefined'),
  },
};

const bundle = { target: TARGET, sourcemap: false, reportCompressedSize: false, chunkSizeWarningLimit: 4000 };

/** The page starts workers by this name; what they and the page have in common is bundled once. */
const withWorker = { entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js') };

async function buildApp({ root, worker, manifest }, outDir, builtAt) {
  await build({
    ...shared(root, builtAt, false),
    build: {
      ...bundle,
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: { index: `${root}/index.html`, worker },
        output: withWorker,
      },
    },
    plugins: [
      withoutContextFiles,
      leanPdf,
      VitePWA({
        strategies: 'generateSW',
        registerType: 'prompt',
        injectRegister: null,
        manifest: {
          ...manifest,
          lang: 'zh-CN',
          start_url: './',
          scope: './',
          display: 'standalone',
          background_color: '#f4f2ee',
          theme_color: '#8e1f23',
          icons: [
            { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
            { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
            { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any maskable' },
          ],
        },
        workbox: {
          globPatterns: ['**/*.{js,mjs,css,html,svg,png,wasm,webmanifest}'],
          maximumFileSizeToCacheInBytes: 6 * 1024 * 1024,
          navigateFallback: 'index.html',
          navigateFallbackAllowlist: [/\/(?:index\.html)?(?:\?[^/]*)?$/],
          cleanupOutdatedCaches: true,
          skipWaiting: false,
          clientsClaim: false,
          inlineWorkboxRuntime: true,
          runtimeCaching: [],
        },
      }),
    ],
  });
}

/** The console of issuer and registry: pages that are of no use without their service, so nothing is kept for being offline. */
async function buildConsole(outDir, builtAt) {
  await build({
    ...shared(CONSOLE.root, builtAt, false),
    plugins: [withoutContextFiles, leanPdf],
    build: {
      ...bundle,
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: { input: { index: `${CONSOLE.root}/index.html`, worker: CONSOLE.worker }, output: withWorker },
    },
  });
}

/** One script, the style and every file inside the HTML, under a policy that names the script by its hash. */
async function buildSingleFile(outDir, builtAt) {
  const { output } = await build({
    ...shared(VERIFIER.root, builtAt, true),
    publicDir: false,
    plugins: [withoutContextFiles, leanPdf],
    resolve: {
      alias: [{ find: /^\.\/worker-source\.js$/, replacement: `${VERIFIER.root}/src/single/worker-source.ts` }],
    },
    build: {
      ...bundle,
      outDir,
      write: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      cssCodeSplit: false,
      rolldownOptions: {
        input: `${VERIFIER.root}/src/single/main.ts`,
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const script = output
    .find(({ type }) => type === 'chunk')
    .code.trim()
    .replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
  const style = String(output.find(({ fileName }) => fileName.endsWith('.css'))?.source ?? '');
  const others = output.filter(({ type, fileName }) => type === 'asset' && !fileName.endsWith('.css'));
  if (others.length > 0)
    throw new Error(`not in the single file: ${others.map(({ fileName }) => fileName).join(', ')}`);
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data: blob:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types yizheng',
  ].join('; ');
  const icon = Buffer.from(readFileSync(`${VERIFIER.root}/public/icon.svg`)).toString('base64');
  const html = readFileSync(`${VERIFIER.root}/single.html`, 'utf8')
    .replace(/ *<!--[\s\S]*?-->\n/, () =>
      [
        `    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        '    <meta name="referrer" content="no-referrer" />',
        `    <link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${icon}" />`,
        `    <style>${style}</style>\n`,
      ].join('\n'),
    )
    .replace('  </body>', () => `    <script>${script}</script>\n  </body>`);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(`${outDir}/verifier.html`, html);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildWeb(process.argv[2] ? `${process.cwd()}/${process.argv[2]}` : `${ROOT}dist`, process.argv[3]);
