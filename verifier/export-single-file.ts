import { readFile } from 'node:fs/promises';
import { NODE_CRYPTO } from '../server/node-feed-crypto.js';
import { YizhengError } from '../shared/errors.js';
import { readBundle } from '../shared/trust/bundle.js';
import { importBundle, type ImportFinding } from '../shared/trust/import-bundle.js';
import { singleFilePath } from './web-pages.js';

const PLACE = /(<script id="embedded-trust" type="application\/json">)\s*null\s*(<\/script>)/;

/** A verifier in one file, and what was found in the bundle it carries. */
export interface SingleFile {
  html: string;
  findings: ImportFinding[];
}

/**
 * Makes the verifier as one HTML file with a bundle in it, for a USB stick or an intranet page: it works on the very first use, with no
 * network. Whoever opens it still sees the root and confirms it.
 * @param options `bundle`: a bundle file; `anchor`: whose rules it is for; `rootDigest`: its announced root, against which the bundle is
 *   verified first; `hosts`: hosts of the reader's own verifier, so that codes pointing elsewhere get a warning; `now`: RFC 3339
 * @throws YizhengError `APP_NOT_BUILT`, and the codes of `importBundle`
 */
export async function exportSingleFile(options: {
  bundle: Uint8Array;
  anchor: string;
  rootDigest: string;
  hosts?: readonly string[];
  now: string;
}): Promise<SingleFile> {
  const { bundle, anchor, rootDigest, hosts = [], now } = options;
  const anchorRoot = { digestMultibase: rootDigest };
  const { findings } = importBundle(bundle, { anchor, anchorRoot, now, crypto: NODE_CRYPTO });
  const empty = await emptySingleFile();
  const embedded = JSON.stringify({ anchor, rootDigest, hosts, bundle: readBundle(bundle) });
  const data = embedded.replaceAll('<', '\\u003c');
  return { html: empty.replace(PLACE, (_place, open: string, close: string) => open + data + close), findings };
}

async function emptySingleFile(): Promise<string> {
  const html = await readFile(singleFilePath(), 'utf8').catch(() => '');
  if (!PLACE.test(html))
    throw new YizhengError('APP_NOT_BUILT', 'The verifier app is missing from this installation.', { status: 500 });
  return html;
}
