// Into which processes the compiled tests are divided: what takes long has one for itself and begins first.
import { readdirSync, readFileSync } from 'node:fs';

const TESTS = 'dist/test';
/** Files that take longest, in this order; others with a test marked @slow follow. */
const LONGEST = [
  'issuer/batch/crash',
  'proof/compiled',
  'issuer/crash',
  'web/accessibility',
  'web/app',
  'carrier/thousand',
  'registry/registry',
  'console/day',
  'wallet/web-life',
];
/** What a browser shows does not depend on the Node that serves it. */
const ONE_NODE = /^(?:web|console)\/|^wallet\/web|^openid4vp\/ask-page/;

/**
 * The jobs of one run of the tests.
 * @param mode `all`, or `quick` without what is marked @slow and without the browser
 * @returns `{name, files}` each, the longest first
 */
export function testJobs(mode) {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.js') && (mode === 'all' || !ONE_NODE.test(file)))
    .sort();
  const isLong = (file) => mode === 'all' && /@slow|OnEachDatabase/.test(readFileSync(`${TESTS}/${file}`, 'utf8'));
  const jobs = new Map();
  for (const file of files) {
    const name = isLong(file) ? file.slice(0, -'.test.js'.length) : file.split('/').slice(0, -1).join('/') || 'house';
    jobs.set(name, [...(jobs.get(name) ?? []), `${TESTS}/${file}`]);
  }
  const rank = (name) => {
    const place = LONGEST.indexOf(name);
    if (place >= 0) return place;
    return jobs.get(name).length === 1 && name.includes('/') ? LONGEST.length : LONGEST.length + 1;
  };
  return [...jobs.keys()].sort((a, b) => rank(a) - rank(b)).map((name) => ({ name, files: jobs.get(name) }));
}
