import { relative } from 'node:path';

/** How this program was called, to be repeated in hints: `yizheng`, or `node dist/cli/main.js` where it is not installed. */
export function programName(script = process.argv[1] ?? '', folder = process.cwd()): string {
  return script.endsWith('main.js') ? `node ${relative(folder, script)}` : 'yizheng';
}
