import assert from 'node:assert/strict';
import { strFromU8, unzipSync } from 'fflate';
import type { OpenApi } from './typed-fields.js';
import { MARK } from './typed-fields.js';

/** Signs a spreadsheet takes for the start of a formula, wherever blanks stand before them. */
const FORMULA = /^\s*[=+\-@\t\r\n＝＋－＠|%]/u;

/** What came back. */
export interface ReadBack {
  /** Answers that held a payload, by their route and type. */
  showing: Set<string>;
  /** All text that came back, for looking payloads up. */
  text: string;
  /** PDF files that came back, by address. */
  pdfs: Map<string, Uint8Array>;
}

/**
 * Asks every GET route of a service whose parameters are known, and asserts of each answer that what people typed is text in it: no cell of a
 * sheet begins like a formula, no XLSX computes, nothing is HTML.
 * @param ids values of path parameters; routes with others are left out
 * @param ask as somebody who may read everything
 * @param more addresses asked besides
 */
export async function readEverything(
  api: OpenApi,
  ids: Readonly<Record<string, readonly string[]>>,
  ask: (path: string) => Promise<Response>,
  more: readonly string[] = [],
): Promise<ReadBack> {
  const found: ReadBack = { showing: new Set(), text: '', pdfs: new Map() };
  for (const [route, { get }] of Object.entries(api.paths)) {
    if (!get || 'text/event-stream' in (get.responses['200']?.content ?? {})) continue;
    const all = addresses(route, ids);
    for (const path of isDrawn(route) ? all.slice(0, 1) : all) {
      const response = await ask(path);
      if (!response.ok) continue;
      await check(route, path, response, found);
    }
  }
  for (const path of more) await check(path.split('?')[0] ?? '', path, await ask(path), found);
  return found;
}

/** What takes a second to draw is looked at once. */
function isDrawn(route: string): boolean {
  return /\.(?:pdf|png|zip)$/.test(route);
}

function addresses(route: string, ids: Readonly<Record<string, readonly string[]>>): string[] {
  return [...route.matchAll(/\{(\w+)\}/g)].reduce(
    (paths, [hole, name = '']) =>
      paths.flatMap((path) => (ids[name] ?? []).map((id) => path.replace(hole, encodeURIComponent(id)))),
    [route],
  );
}

async function check(route: string, path: string, response: Response, found: ReadBack): Promise<void> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff', path);
  assert.notEqual(type, 'text/html', path);
  const show = (text: string): void => {
    if (text.includes(MARK)) found.showing.add(`${route} ${type}`);
    found.text += `${text}\n`;
  };
  if (type === 'application/pdf') found.pdfs.set(path, bytes);
  else if (type === 'text/csv') {
    for (const cell of cellsOf(strFromU8(bytes))) assert.doesNotMatch(cell, FORMULA, `${path}: ${cell}`);
    show(strFromU8(bytes).replaceAll('""', '"'));
  } else if (type === 'image/svg+xml') assert.ok(!strFromU8(bytes).includes(MARK), path);
  else if (type.includes('spreadsheetml')) {
    for (const [name, part] of Object.entries(unzipSync(bytes))) {
      const xml = strFromU8(part);
      if (!/^xl\/(?:worksheets\/|sharedStrings)/.test(name)) continue;
      assert.doesNotMatch(xml, /<f[ >]/, `${path} computes`);
      assert.ok(!xml.includes(MARK), `${path} holds an element`);
      for (const [, cell = ''] of xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)) assert.doesNotMatch(cell, FORMULA, `${path}: ${cell}`); // prettier-ignore
      show(xml.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
    }
  } else if (type === 'application/zip') {
    for (const name of Object.keys(unzipSync(bytes)))
      assert.match(name, /^(?:[\p{L}\p{N}_-]+\/)?[\p{L}\p{N}._-]+$/u, `${path}: ${name}`);
  } else if (/json|^text\//.test(type)) show(textOf(strFromU8(bytes)));
}

/** JSON with its texts as they are, not as JSON writes them. */
function textOf(body: string): string {
  const texts: string[] = [];
  try {
    JSON.parse(body, (key, value: unknown) => {
      texts.push(key, typeof value === 'string' ? value : '');
      return value;
    });
  } catch {
    return body;
  }
  return texts.join('\n');
}

/** Cells of a CSV (RFC 4180). */
function cellsOf(csv: string): string[] {
  const text = csv.replace(/^\ufeff/, '');
  return [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );
}
