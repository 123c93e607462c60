// Runs the compiled tests once and writes {passed, failed, skipped} to the file named first.
import { readdirSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const [out, mode] = process.argv.slice(2);
const mocha = new Mocha({ timeout: 120_000, forbidOnly: true, reporter: 'spec', color: process.stdout.isTTY });
if (mode === 'quick') mocha.grep('@slow').invert();
mocha.files = readdirSync('dist/test', { recursive: true })
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => `dist/test/${name}`)
  .sort();
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats;
  writeFileSync(out, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
  process.exit(failures > 0 ? 1 : 0);
});
