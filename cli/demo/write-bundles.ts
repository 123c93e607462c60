import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAlliance } from './open-alliance.js';
import type { SeededAuthority } from './seed-alliance.js';

/** A bundle as a file, with what a verifier needs to begin with it. */
export interface BundleFile {
  slug: string;
  file: string;
  anchor: string;
  /** Digest of the anchor's root, as it would stand on its notice board. */
  root: string;
}

/** Writes the bundle of every authority to a file of its own, replaced as a whole. */
export async function writeBundles(
  { registry }: OpenAlliance,
  authorities: readonly SeededAuthority[],
  directory: string,
): Promise<BundleFile[]> {
  await mkdir(directory, { recursive: true });
  const files: BundleFile[] = [];
  for (const { slug, did, root } of authorities) {
    const file = join(directory, `${slug}.json`);
    await writeFile(`${file}.new`, await registry.service.bundler.bundle(slug));
    await rename(`${file}.new`, file);
    files.push({ slug, file, anchor: did, root: root.digestMultibase });
  }
  return files;
}
