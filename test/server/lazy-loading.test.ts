import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What a service loads at its first use: each takes 2 to 30 MB, and most hours of most services need none of it. */
const AT_FIRST_USE = [
  '@napi-rs/canvas',
  '@node-rs/argon2',
  '@simplewebauthn/server',
  'fontkit',
  'openid-client',
  'pdfjs-dist',
  'pdfkit',
  'pg',
  'pg-copy-streams',
];
const STATIC = /(?:^|\n)\s*(?:import|export)\s(?!type\s)(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]/g;

/** Packages that are loaded with a module, as far as this project's sources ask for them. */
function packagesLoadedWith(entry: string): Set<string> {
  const packages = new Set<string>();
  const modules = new Set([entry]);
  for (const path of modules)
    for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(STATIC)) {
      if (!imported.startsWith('.')) {
        packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(imported)?.[0] ?? imported);
        continue;
      }
      const source = normalize(join(dirname(path), imported)).replace(/\.js$/, '.ts');
      if (existsSync(source)) modules.add(source);
    }
  return packages;
}

describe('starting a service', () => {
  for (const service of ['issuer', 'registry', 'verifier'])
    it(`loads nothing that draws, reads PDFs or signs people in with the ${service}`, () => {
      const packages = packagesLoadedWith(`${service}/index.ts`);
      assert.ok(packages.has('express') && packages.has('zod'), 'the modules were not followed');
      assert.deepEqual(
        AT_FIRST_USE.filter((one) => packages.has(one)),
        [],
      );
    });

  it('would notice: the thread that prints loads them', () => {
    const packages = packagesLoadedWith('issuer/files/print/thread.ts');
    for (const one of ['@napi-rs/canvas', 'fontkit', 'pdfkit', 'pdfjs-dist']) assert.ok(packages.has(one), one);
  });
});
