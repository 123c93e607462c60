import { certificateKind, type KindId } from '../../../shared/certificate/kind.js';
import type { Language } from '../../../shared/i18n/create-translator.js';
import type { TrustView } from '../../../shared/trust/trust-view.js';
import type { Institution } from '../../institutions.js';
import { chinaDate } from '../../time.js';
import {
  allowedKinds,
  allowedLevels,
  allowedOccupations,
  allowedOf,
  inForce,
  levelNames,
  type Allowed,
} from './allowed.js';
import type { Column } from './column.js';
import { columnsOf } from './columns.js';
import { EXAMPLE_MARK } from './template-marks.js';
import { TEMPLATE_WORDS } from './template-words.js';
import { writeCsv } from './write-csv.js';
import { writeXlsx, type WrittenCell, type WrittenSheet } from './xlsx-writer/write-xlsx.js';

/** For whom and what for a template is. */
export interface TemplateRequest {
  format: 'xlsx' | 'csv';
  operation: 'issue' | 'correct' | 'revoke' | 'suspend' | 'reinstate';
  institution: Pick<Institution, 'code' | 'did' | 'authority' | 'name'>;
  /** What the institution's authority says; undefined before its first bundle. */
  view: TrustView | undefined;
  now: Date;
  language: Language;
}

/**
 * Writes the sheet to be filled in: a header, an example row (its name begins with 示例, and it is not read when left in), text
 * format where digits matter, lists to choose from; and in the XLSX a second sheet that explains every column and says what this
 * institution may certify.
 */
export function writeTemplate(request: TemplateRequest): AsyncGenerator<Uint8Array> {
  const live = inForce(allowedOf(request.institution, request.view), request.now.getTime());
  const columns = columnsFor(request, live);
  const english = request.language === 'en';
  const header = columns.map((column) => `${column.need === 'always' ? '*' : ''}${english ? column.en : column.zh}`);
  const example = columns.map((column) => exampleOf(column, request));
  if (request.format === 'csv') return writeCsv([header, example]);
  const words = TEMPLATE_WORDS[request.language];
  const lists = columns.map((column) => listOf(column, live));
  const sheet: WrittenSheet = {
    name: words.sheets[request.operation],
    hasHeader: true,
    columns: columns.map(({ zh, example: sample }) => ({
      width: Math.min(32, Math.max(zh.length * 2 + 4, sample.length + 4)),
      style: 'text',
    })),
    rows: [styled(header, 'header'), styled(example, 'example')],
    lists: lists.flatMap((list, column) =>
      list.length === 0
        ? []
        : [
            {
              column,
              range: `'${words.values}'!$${letterOf(lists, column)}$2:$${letterOf(lists, column)}$${list.length + 1}`,
            },
          ],
    ),
  };
  return writeXlsx([sheet, explanation(request, columns, live), values(request, columns, lists)]);
}

/** Columns of kinds the institution may not issue, and of employers where everybody may be assessed, are left out. */
function columnsFor({ operation }: TemplateRequest, live: readonly Allowed[]): readonly Column[] {
  const kinds = allowedKinds(live);
  const candidates = new Set(live.map(({ action }) => action.scope.candidates));
  const isOpen = live.length > 0 && [...candidates].every((whose) => whose === 'public');
  return columnsOf(operation).filter(({ key, kinds: own }) => {
    if (own !== undefined && kinds.length > 0) return own.some((kind) => kinds.includes(kind));
    if (key === 'employerCode' || key === 'employerName') return !isOpen;
    if (key === 'supplyChainAgreement') return live.length === 0 || candidates.has('supply-chain');
    return key !== 'holderDid';
  });
}

function exampleOf({ key, example }: Column, { language, institution, now }: TemplateRequest): string {
  if (key === 'name') return TEMPLATE_WORDS[language].exampleName;
  if (key === 'certificate') return `${EXAMPLE_MARK} ${example}`;
  if (key === 'corrects') return `${institution.code}${chinaDate(now).slice(2, 4)}3000001`;
  return example;
}

/** Words offered for a column: its fixed list, or what the accreditation allows. */
function listOf({ key, list }: Column, live: readonly Allowed[]): readonly string[] {
  const levels = allowedLevels(live);
  if (key === 'kind' && live.length > 0) return allowedKinds(live).map((kind) => certificateKind(kind).nameZh);
  if (key === 'level' && levels.length > 0) return levelNames(levels);
  if (key === 'occupationCode')
    return allowedOccupations(live).flatMap(({ code, name }) => (name === undefined ? [] : [code]));
  return list ?? [];
}

function letterOf(lists: readonly (readonly string[])[], column: number): string {
  const place = lists.slice(0, column).filter((list) => list.length > 0).length;
  return place < 26 ? String.fromCharCode(65 + place) : `A${String.fromCharCode(65 + place - 26)}`;
}

function values(
  { language }: TemplateRequest,
  columns: readonly Column[],
  lists: readonly (readonly string[])[],
): WrittenSheet {
  const filled = lists.flatMap((list, i) => (list.length === 0 ? [] : [{ list, column: columns[i] }]));
  const longest = Math.max(0, ...filled.map(({ list }) => list.length));
  const head = filled.map(({ column }) => (language === 'en' ? column?.en : column?.zh) ?? '');
  return {
    name: TEMPLATE_WORDS[language].values,
    hasHeader: true,
    columns: filled.map(() => ({ width: 24, style: 'text' })),
    rows: [
      styled(head, 'header'),
      ...Array.from({ length: longest }, (_, i) =>
        styled(
          filled.map(({ list }) => list[i] ?? ''),
          'text',
        ),
      ),
    ],
  };
}

function explanation(
  { language, institution, operation, view }: TemplateRequest,
  columns: readonly Column[],
  live: readonly Allowed[],
): WrittenSheet {
  const words = TEMPLATE_WORDS[language];
  const english = language === 'en';
  const kindNames = (kinds: readonly KindId[]): string =>
    kinds.map((kind) => (english ? certificateKind(kind).nameEn : certificateKind(kind).nameZh)).join(words.comma);
  const need = ({ need: how, kinds }: Column): string =>
    how === 'always' ? words.always : how === 'optional' ? words.optional : words.forKinds(kindNames(kinds ?? []));
  const rows: WrittenCell[][] = [
    ...words.notes.map((note) => [note]),
    [],
    styled(words.head, 'header'),
    ...columns.map((column) => [
      english ? column.en : column.zh,
      need(column),
      english ? column.format.en : column.format.zh,
      column.example,
      [english ? column.zh : column.en, ...(column.aliases ?? [])].join(words.comma),
    ]),
  ];
  if (operation === 'issue' || operation === 'correct') {
    const authority = view?.feedOf(institution.authority)?.name ?? institution.authority;
    rows.push(
      [],
      [live.length > 0 ? words.allowed(institution.name, authority) : words.nothingAllowed(institution.name)],
    );
    if (live.length > 0)
      rows.push(styled(words.allowedHead, 'header'), ...live.map((row) => allowedRow(row, language)));
  }
  return {
    name: words.explanation,
    columns: [26, 22, 46, 28, 46, 24].map((width) => ({ width })),
    rows: rows.map((cells) =>
      cells.map((cell) => (typeof cell === 'string' ? { text: cell, style: 'wrapped' } : cell)),
    ),
  };
}

function allowedRow(row: Allowed, language: Language): WrittenCell[] {
  const { scope, validFrom } = row.action;
  const words = TEMPLATE_WORDS[language];
  const until = row.endsAt === Infinity ? '' : chinaDate(new Date(row.endsAt - 1));
  return [
    allowedKinds([row])
      .map((kind) => (language === 'en' ? certificateKind(kind).nameEn : certificateKind(kind).nameZh))
      .join(words.comma),
    levelNames(allowedLevels([row])).join(words.comma),
    allowedOccupations([row])
      .map(({ code, name }) => (name === undefined ? code : `${code} ${name}`))
      .join(words.comma),
    `${chinaDate(new Date(validFrom))} – ${until}`,
    [...(scope.region ?? []), ...(scope.standard ?? [])].join(words.comma),
    words.candidates[scope.candidates ?? 'public'],
  ];
}

function styled(cells: readonly string[], style: 'header' | 'example' | 'text'): WrittenCell[] {
  return cells.map((text) => ({ text, style }));
}
