import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
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

/** SoftHSM 2 as the tests use it: tokens in a folder of this process, which can be taken away and put back. */
export interface SoftHsm {
  module: string;
  /** Makes a token; labels of one process differ. */
  addToken(label: string): void;
  /** Takes every token out, as pulling them would. */
  takeOut(): void;
  /** Puts them back; nothing happens where they are in. */
  putBack(): void;
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

let running: SoftHsm | undefined;

/** SoftHSM with a temporary folder; this process and those it starts see its tokens only. */
export function softHsm(): SoftHsm {
  return (running ??= start());
}

function start(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'yizheng-softhsm-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tokens = join(folder, 'tokens');
  const away = join(folder, 'away');
  mkdirSync(tokens);
  const config = join(folder, 'softhsm2.conf');
  writeFileSync(config, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  process.env['SOFTHSM2_CONF'] = config;
  return {
    module: libraryPath() ?? '',
    addToken: (label) => {
      const made = ['--init-token', '--free', '--label', label, '--so-pin', SO_PIN, '--pin', PIN];
      execFileSync('softhsm2-util', made, { stdio: 'ignore' });
    },
    takeOut: () => {
      renameSync(tokens, away);
      mkdirSync(tokens);
    },
    putBack: () => {
      if (!existsSync(away)) return;
      rmdirSync(tokens);
      renameSync(away, tokens);
    },
  };
}

function libraryPath(): string | undefined {
  return [process.env['SOFTHSM2_LIBRARY'], ...LIBRARIES].find((path) => path !== undefined && existsSync(path));
}
