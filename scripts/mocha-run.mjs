// Runs compiled test files once and writes {passed, failed, skipped, broken} to the file named first; `quick` leaves out what is marked @slow.
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const [out, mode, ...files] = process.argv.slice(2);
const mocha = new Mocha({ timeout: 120_000, forbidOnly: true, reporter: 'spec', color: process.stdout.isTTY });
if (mode === 'quick') mocha.grep('@slow').invert();
mocha.files = files;
await mocha.loadFilesAsync();
const broken = [];
const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats;
  writeFileSync(out, JSON.stringify({ passed: passes, failed: failures, skipped: pending, broken }));
  process.exit(failures > 0 ? 1 : 0);
});
runner.on('fail', (test, error) => broken.push(`${test.fullTitle()}\n${String(error?.stack ?? error).slice(0, 2000)}`));
