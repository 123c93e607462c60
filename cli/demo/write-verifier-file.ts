import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { YizhengError } from '../../shared/errors.js';
import { exportSingleFile } from '../../verifier/index.js';
import { replaceFile } from '../replace-file.js';
import type { OpenAlliance } from './open-alliance.js';
import type { BundleFile } from './write-bundles.js';

/** Writes the verifier as one HTML file, with the bundle of the authority that recognises the sample certificate. */
export async function writeVerifierFile(
  bundles: readonly BundleFile[],
  { addresses }: Pick<OpenAlliance, 'addresses'>,
  directory: string,
  now: Date,
): Promise<string> {
  const partner = bundles.find(({ slug }) => slug === 'chongqing');
  if (!partner) throw new YizhengError('DEMO_INCOMPLETE', 'The demo alliance has no partner authority.');
  const { html } = await exportSingleFile({
    bundle: await readFile(partner.file),
    anchor: partner.anchor,
    rootDigest: partner.root,
    hosts: [new URL(addresses.verifier).host],
    now: `${now.toISOString().slice(0, 19)}Z`,
  });
  const file = join(directory, 'verifier.html');
  await replaceFile(file, html);
  return file;
}
