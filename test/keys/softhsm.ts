import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

export const PIN = '739182';
export const SO_PIN = '18273645';

/** SoftHSM 2 as the tests use it: tokens in a folder of their own, which can be taken away and put back. */
export interface SoftHsm {
  module: string;
  folder: string;
  /** Makes a token. */
  addToken(label: string): void;
  /** Takes every token out, as pulling them would. */
  takeOut(): Promise<void>;
  /** Puts them back. */
  putBack(): Promise<void>;
  remove(): Promise<void>;
}

/** Why tests with a token cannot run on this machine; undefined where they can. */
export function whyNoSoftHsm(): string | undefined {
  if (libraryPath() === undefined) return 'SoftHSM 2 is not installed (Debian: apt-get install softhsm2)';
  try {
    createRequire(import.meta.url)('pkcs11js');
    return undefined;
  } catch {
    return 'the optional package pkcs11js was not built here (it needs a C++ compiler)';
  }
}

/** Sets up SoftHSM in a temporary folder; this process and those it starts see its tokens only. */
export async function startSoftHsm(): Promise<SoftHsm> {
  const folder = await mkdtemp(join(tmpdir(), 'yizheng-softhsm-'));
  const [tokens, away, config] = ['tokens', 'away', 'softhsm2.conf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(tokens);
  await writeFile(config, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = config;
  return {
    module: libraryPath() ?? '',
    folder,
    addToken: (label) => {
      execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', SO_PIN, '--pin', PIN]);
    },
    takeOut: async () => {
      await rename(tokens, away);
      await mkdir(tokens);
    },
    putBack: async () => {
      await rm(tokens, { recursive: true });
      await rename(away, tokens);
    },
    remove: async () => {
      delete process.env['SOFTHSM2_CONF'];
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function libraryPath(): string | undefined {
  return [process.env['SOFTHSM2_LIBRARY'], ...LIBRARIES].find((path) => path !== undefined && existsSync(path));
}
