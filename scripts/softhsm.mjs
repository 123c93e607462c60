// The token the PKCS#11 tests sign with: SoftHSM 2, from the system's packages where it is not there yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const COMMAND = 'softhsm2-util';
/** Packages that are not there within so long are done without. */
const APT = { stdio: 'ignore', timeout: 180_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

/** Installs SoftHSM 2 on Debian as root; elsewhere says that the tests with a token will be left out. Never fails. */
export function installSoftHsm(write) {
  if (spawnSync(COMMAND, ['--version']).status === 0) return;
  const mayInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  if (mayInstall) {
    write('→ installing SoftHSM 2 for the PKCS#11 tests (apt-get install softhsm2)\n');
    const install = () => spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'softhsm2'], APT);
    if (install().status !== 0) {
      spawnSync('apt-get', ['update'], APT);
      install();
    }
  }
  if (spawnSync(COMMAND, ['--version']).status !== 0)
    write('! no SoftHSM 2 on this machine (Debian: apt-get install softhsm2): the PKCS#11 tests are left out\n');
}
