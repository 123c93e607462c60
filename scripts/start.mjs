// `npm start`: everything from a fresh clone to a running demo alliance.
import { spawn } from 'node:child_process';
import { build, checkNode, install, ROOT } from './prepare.mjs';

checkNode();
install();
await build();
const child = spawn(process.execPath, ['dist/cli/main.js', 'up', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
