import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** What a top-level folder may import besides itself (DESIGN §3): arrows point down, services never import one another. */
const ARROWS: Record<string, readonly string[]> = {
  shared: [],
  keys: ['shared'],
  server: ['shared', 'keys'],
  issuer: ['shared', 'keys', 'server'],
  registry: ['shared', 'keys', 'server'],
  verifier: ['shared', 'keys', 'server'],
  ui: ['shared'],
  'verifier/web': ['shared', 'ui'],
  wallet: ['shared', 'keys', 'server'],
  'wallet/web': ['shared', 'ui'],
  'issuer/web': ['shared', 'ui'],
  cli: ['shared', 'keys', 'server', 'issuer', 'registry', 'verifier', 'wallet'],
  bench: ['shared', 'keys', 'server', 'issuer', 'registry', 'verifier', 'test'],
};

/** The same inside shared/. Files right in shared/ count as `errors`. */
const SHARED_ARROWS: Record<string, readonly string[]> = {
  errors: [],
  json: ['errors'],
  i18n: ['errors'],
  supervision: ['errors', 'i18n'],
  did: ['errors', 'json'],
  certificate: ['errors', 'json', 'did'],
  accounts: [],
  sheet: ['errors', 'certificate'],
  carrier: ['errors', 'json', 'did', 'certificate'],
  proof: ['errors', 'json', 'did', 'certificate'],
  status: ['errors', 'json', 'did', 'certificate', 'proof'],
  trust: ['errors', 'json', 'i18n', 'did', 'certificate', 'proof', 'status'],
  verdict: ['errors', 'json', 'i18n', 'did', 'certificate', 'proof', 'status', 'carrier', 'trust'],
  presentation: ['errors', 'json', 'did', 'certificate', 'proof', 'status', 'carrier', 'trust', 'verdict'],
};

interface Source {
  path: string;
  text: string;
  imports: string[];
}

/** Houses whose code runs in a browser. */
const IN_THE_BROWSER = /^ui$|\/web$/;

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

function sources(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll(sep, '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, imports: [...text.matchAll(IMPORT)].map((found) => found[1] ?? found[2] ?? '') };
    });
}

/** Folder an import points to, as path from the project root, or undefined for a package. */
function target(from: string, imported: string): string | undefined {
  return imported.startsWith('.') ? normalize(join(dirname(from), imported)).replaceAll(sep, '/') : undefined;
}

/** Top-level folder of a path; what runs in the browser is a house of its own. */
function houseOf(path: string): string {
  const [service = '', inside = ''] = path.split('/');
  return `${service}/${inside}` in ARROWS ? `${service}/${inside}` : service;
}

function violations(files: Source[]): string[] {
  return files.flatMap(({ path, imports }) => {
    const own = houseOf(path);
    return imports.flatMap((imported) => {
      const to = target(path, imported);
      if (to === undefined)
        return (own === 'shared' || IN_THE_BROWSER.test(own)) && imported.startsWith('node:')
          ? [`${path} imports ${imported}`]
          : [];
      const other = houseOf(to);
      if (other !== own) return ARROWS[own]?.includes(other) ? [] : [`${path} → ${to}`];
      if (own !== 'shared') return [];
      const room = (file: string): string => (file.split('/').length > 2 ? (file.split('/')[1] ?? '') : 'errors');
      const here = room(path);
      return room(to) === here || SHARED_ARROWS[here]?.includes(room(to)) ? [] : [`${path} → ${to}`];
    });
  });
}

describe('the house (DESIGN §3)', () => {
  const files = Object.keys(ARROWS)
    .filter((folder) => !folder.includes('/'))
    .flatMap((folder) => sources(folder));

  it('has every folder the user asked for', () => {
    for (const folder of ['issuer', 'verifier', 'shared', 'keys', 'test'])
      assert.ok(sources(folder).length > 0, `${folder} holds no source`);
  });

  it('lets arrows point down only', () => {
    assert.deepEqual(violations(files), []);
  });

  it('would notice a service importing another, an upward import and a Node import in shared/', () => {
    const planted: Source[] = [
      { path: 'issuer/a.ts', text: '', imports: ['../registry/b.js'] },
      { path: 'shared/proof/a.ts', text: '', imports: ['../verdict/verify.js'] },
      { path: 'shared/did/a.ts', text: '', imports: ['node:fs'] },
      { path: 'keys/a.ts', text: '', imports: ['../server/app.js'] },
      { path: 'verifier/web/src/a.tsx', text: '', imports: ['../../create-verifier.js', '../../../keys/custody.js'] },
      { path: 'verifier/web/src/b.ts', text: '', imports: ['node:fs', '../../../shared/errors.js'] },
      { path: 'verifier/a.ts', text: '', imports: ['./web/src/b.js'] },
      { path: 'ui/a.tsx', text: '', imports: ['../verifier/web/src/b.js', '../shared/errors.js', 'node:fs'] },
    ];
    assert.equal(violations(planted).length, 10);
  });

  it('keeps shared/ free of clock, randomness, network and Node globals', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bBuffer\b|(?:globalThis|window|self)\.fetch|getRandomValues|\brequire\(/;
    const bareFetch = /(?<![.\w])fetch\(/;
    const passedIn = /\bfetch\b\s*(?:[:,}]|\(\w+:)/;
    assert.match('const now = new Date()', impure);
    assert.ok(bareFetch.test('await fetch(url)') && !passedIn.test('await fetch(url)'));
    const found = files
      .filter(({ path }) => path.startsWith('shared/'))
      .flatMap(({ path, text }) => {
        const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
        const hit = impure.exec(code) ?? (passedIn.test(code) ? null : bareFetch.exec(code));
        return hit ? [`${path}: ${hit[0]}`] : [];
      });
    assert.deepEqual(found, []);
  });

  it('lets a token be called nowhere but in keys/pkcs11, and seen outside keys/ only by who opens it', () => {
    const calls = /\bC_[A-Z][A-Za-z]+\(|['"]pkcs11js['"]/;
    assert.match("require('pkcs11js')", calls);
    const outside = files.filter(({ path }) => !path.startsWith('keys/pkcs11/') && !path.startsWith('test/'));
    assert.deepEqual(
      outside.filter(({ text }) => calls.test(text)).map(({ path }) => path),
      [],
    );
    const opens = outside.filter(({ imports }) => imports.some((imported) => imported.includes('/pkcs11/')));
    assert.deepEqual(
      opens.map(({ path }) => path),
      ['cli/serve/open-token.ts'],
    );
  });

  it('lets a private key stand nowhere but in keys/', () => {
    const secret = /createPrivateKey|KeyObject\b.*private|secretKeyMultibase|privateKeyMultibase/;
    const found = files
      .filter(({ path, text }) => !/^(?:keys|bench)\//.test(path) && secret.test(text))
      .map(({ path }) => path);
    assert.deepEqual(found, []);
  });
});
