import { createHash } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { issuerMigrations, IssuerService } from '../../issuer/index.js';
import { statusListUrl } from '../../shared/certificate/credential.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../../shared/json/parse-json.js';
import { tokenStatusListUrl } from '../../shared/status/token-status-list.js';
import type { CliContext } from '../context.js';
import { replaceFile } from '../replace-file.js';
import { openService } from './open-service.js';
import type { Settings } from './settings.js';

/** What an export did. */
export interface StatusExport {
  /** Paths below the folder, written this time. */
  written: string[];
  /** Lists in the folder. */
  lists: number;
  /** Lists that had to be signed anew and could not be; the log says why. */
  overdue: number;
}

/** Remembers which signing of each list lies in the folder. */
const MARKS = '.status-export.json';

/**
 * Signs what is due and writes every list that was signed since the last export to the path its address has, each whole or not at
 * all, for a static host; Token Status Lists too, where an SD-JWT VC points to one. Lists that stayed as they were are not written.
 * @throws YizhengError as `openService`, `FILE_UNWRITABLE`
 */
export async function exportStatusLists(
  settings: Settings<'status-export'>,
  context: Pick<CliContext, 'now'>,
): Promise<StatusExport> {
  const open = await openService('status-export', settings, issuerMigrations, context);
  try {
    const { baseUrl, out } = settings;
    const { institutions, statusLists, openid4vci } = new IssuerService({
      ...open,
      baseUrl,
      verifierUrl: `${baseUrl}/`,
    });
    const known = await institutions.staying();
    await statusLists.refresh(known);
    const marks = await readMarks(join(out, MARKS));
    const written: string[] = [];
    const signed = await statusLists.signed();
    const keep = async (url: string, mark: string, content: () => Promise<string>): Promise<void> => {
      const path = new URL(url).pathname.slice(1);
      const file = join(out, path);
      if (marks[path] === mark && (await exists(file))) return;
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, await content());
      marks[path] = mark;
      written.push(path);
    };
    for (const { institution: code, list, purpose, mark } of signed) {
      const institution = known.find((one) => one.code === code);
      if (!institution) continue;
      const url = statusListUrl(institution.did, purpose, list);
      await keep(url, mark, () => statusLists.current(institution, purpose, list));
    }
    const tokens = await openid4vci.tokenStatusLists.needed();
    for (const { institution: code, list } of tokens) {
      const institution = known.find((one) => one.code === code);
      if (!institution) continue;
      const token = await openid4vci.tokenStatusLists.current(institution, list);
      const mark = createHash('sha256').update(token).digest('hex');
      await keep(tokenStatusListUrl(institution.did, list), mark, () => Promise.resolve(token));
    }
    if (written.length > 0) await replaceFile(join(out, MARKS), JSON.stringify(marks));
    return { written, lists: signed.length + tokens.length, overdue: (await statusLists.due()).length };
  } finally {
    await open.database.close();
  }
}

async function readMarks(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return parseJsonObject(text, BUNDLE_LIMITS);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
