import { actionState, type ActionState } from './explain/statement-state.js';
import { Wording } from './explain/wording.js';
import { instant } from './time.js';
import type { TrustLanguage } from './trust-translator.js';
import type { TrustView } from './trust-view.js';
import type { Action, Recognition, Treatment } from './types.js';

/** An authority on the map. */
export interface RecognitionNode {
  id: string;
  name: string;
  /** Institutions it accredits; null when its registry is not in the view. */
  institutions: number | null;
}

/** One granted action of one recognition: what `from` says about `to`. */
export interface RecognitionEdge {
  from: string;
  to: string;
  /** Id of the statement. */
  statement: string;
  action: Action;
  treatment: Treatment[];
  /** Start, RFC 3339. */
  validFrom: string;
  /** End, excluded, as stated; superseding or revoking may end it before. */
  validUntil?: string;
  state: ActionState['state'];
  memorandum?: { id: string; name: string };
  /** Set when the statement is about one institution of `to`. */
  institution?: { id: string; name: string };
}

/** Two authorities with live statements both ways that cite the same memorandum. Derived, never stated (TRUST §0.2). */
export interface MutualPair {
  a: string;
  b: string;
  memorandum: { id: string; name: string };
}

/** Who recognises whom, as an anchor's trust data shows it at an instant. */
export interface RecognitionMap {
  anchor: string;
  /** RFC 3339. */
  at: string;
  /** The anchor first, then by DID. */
  nodes: RecognitionNode[];
  /** The anchor's first; at most {@link MOST_EDGES}. */
  edges: RecognitionEdge[];
  /** How many more there are: a partner's endless list must not make an endless map. */
  edgesLeftOut: number;
  mutual: MutualPair[];
}

/** Most statements on a map. */
export const MOST_EDGES = 5000;

/**
 * Who recognises whom, from a verified view. Only authorities on the anchor's path are in a view, so strangers are not on the map.
 * Deterministic: independent of the order of feeds and rows.
 * @param options `now`: RFC 3339, the instant at which statements are live or not
 */
export function recognitionMap(view: TrustView, options: { anchor: string; now: string }): RecognitionMap {
  const { anchor, now } = options;
  const at = instant(now);
  const authorities = view.feeds.map((feed) => feed.authority);
  const statements = authorities.flatMap((maker) => [...view.recognitionsBy(maker).values()].flat());
  const first = (a: string, b: string): number => Number(b === anchor) - Number(a === anchor);
  const all = statements
    .flatMap((row) => edgesOf(row, view, at))
    .sort((a, b) => first(a.from, b.from) || compare(sortKey(a), sortKey(b)));
  const edges = all.slice(0, MOST_EDGES);
  const dids = new Set([anchor, ...authorities, ...edges.map((edge) => edge.to)]);
  return {
    anchor,
    at: now,
    nodes: [...dids]
      .sort((a, b) => first(a, b) || compare(a, b))
      .map((id) => {
        const feed = view.feedOf(id);
        return {
          id,
          name: view.authorityName(id) ?? id,
          institutions: feed ? new Set(feed.accreditations.map((row) => row.institution)).size : null,
        };
      }),
    edges,
    edgesLeftOut: all.length - edges.length,
    mutual: mutualPairs(statements, view, at).slice(0, MOST_EDGES),
  };
}

/** The map as plain lines. */
export function mapToText(map: RecognitionMap, view: TrustView, language: TrustLanguage): string[] {
  const words = new Wording(view, language);
  const { say } = words;
  const none = (lines: string[]): string[] => (lines.length === 0 ? [`  ${say('map.none')}`] : lines);
  const names = new Map(map.nodes.map((node) => [node.id, node.name]));
  return [
    mapSummary(map, words),
    '',
    say('map.authorities'),
    ...map.nodes.map((node) => `  ${node.name}  ${node.id}  ${nodeNote(node, map.anchor, words)}`),
    '',
    say('map.mutual'),
    ...none(map.mutual.map((pair) => `  ${pairLine(pair, names, words)}`)),
    '',
    say('map.statements'),
    ...none(map.edges.map((edge, i) => `  ${i + 1}. ${edgeLine(edge, names, words)}`)),
    ...leftOut(map, words),
  ];
}

/** One sentence about the whole map. */
export function mapSummary(map: RecognitionMap, words: Wording): string {
  return words.say('map.desc', {
    anchor: map.nodes[0]?.name ?? map.anchor,
    at: words.day(map.at),
    nodes: String(map.nodes.length),
    edges: String(map.edges.length),
    mutual: String(map.mutual.length),
  });
}

/** What stands beside an authority's name. */
export function nodeNote(node: RecognitionNode, anchor: string, words: Wording): string {
  const known =
    node.institutions === null
      ? words.say('map.noFeed')
      : words.say('map.institutions', { count: String(node.institutions) });
  return node.id === anchor ? words.list([words.say('map.anchor'), known]) : known;
}

/** What is to be said when not all statements are on the map. */
export function leftOut(map: RecognitionMap, words: Wording): string[] {
  return map.edgesLeftOut === 0 ? [] : [words.say('map.leftOut', { count: String(map.edgesLeftOut) })];
}

/** An edge in one line. */
export function edgeLine(edge: RecognitionEdge, names: ReadonlyMap<string, string>, words: Wording): string {
  const { say } = words;
  const line = say('map.edge', {
    from: names.get(edge.from) ?? edge.from,
    to: names.get(edge.to) ?? edge.to,
    treatment: words.list([
      ...(edge.action === 'accredit' ? [] : [say(`action.${edge.action}`)]),
      ...edge.treatment.map((item) => say(`treatment.${item}`)),
    ]),
    period: words.period(edge.validFrom, edge.validUntil),
    state: say(`state.${edge.state}`),
  });
  const { memorandum, institution } = edge;
  return [
    line,
    institution ? say('map.institution', { name: institution.name }) : '',
    memorandum ? say('map.memorandum', { name: memorandum.name }) : '',
  ].join('');
}

/** A mutual pair in one line. */
export function pairLine(pair: MutualPair, names: ReadonlyMap<string, string>, words: Wording): string {
  return words.say('map.pair', {
    a: names.get(pair.a) ?? pair.a,
    b: names.get(pair.b) ?? pair.b,
    name: pair.memorandum.name,
  });
}

function edgesOf(row: Recognition, view: TrustView, at: number): RecognitionEdge[] {
  const { memorandum, homeAuthority } = row;
  return row.actions.map((action) => ({
    from: row.authority,
    to: homeAuthority ?? row.subject,
    statement: row.id,
    action: action.action,
    treatment: action.treatment ?? [],
    validFrom: action.validFrom,
    ...(action.validUntil === undefined ? {} : { validUntil: action.validUntil }),
    state: actionState(row, action, view, at).state,
    ...(memorandum ? { memorandum: { id: memorandum.id, name: memorandum.name } } : {}),
    ...(homeAuthority === undefined ? {} : { institution: { id: row.subject, name: row.legalName } }),
  }));
}

function mutualPairs(statements: readonly Recognition[], view: TrustView, at: number): MutualPair[] {
  const live = statements.filter(
    (row) =>
      row.homeAuthority === undefined &&
      row.actions.some((action) => actionState(row, action, view, at).state === 'live'),
  );
  const cited = new Set(live.map((row) => citation(row.authority, row.subject, row)));
  const pairs = new Map<string, MutualPair>();
  for (const row of live) {
    const { authority: a, subject: b, memorandum } = row;
    if (!memorandum || a >= b || !cited.has(citation(b, a, row))) continue;
    pairs.set([a, b, memorandum.id].join(' '), { a, b, memorandum: { id: memorandum.id, name: memorandum.name } });
  }
  return [...pairs].sort(([a], [b]) => compare(a, b)).map(([, pair]) => pair);
}

/** One side's citation of a memorandum; the other side's must be equal with the two exchanged. */
function citation(maker: string, subject: string, { memorandum }: Recognition): string {
  return [maker, subject, memorandum?.id ?? '', memorandum?.digestMultibase ?? ''].join(' ');
}

function sortKey(edge: RecognitionEdge): string {
  return [edge.from, edge.to, edge.validFrom, edge.statement, edge.action].join(' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
