import { noteText } from '../notes/note-text.js';
import { reviewNotes } from '../notes/review-notes.js';
import { trustPolicy, type TrustPolicy } from '../policy.js';
import { searchChains, type Chain } from '../search-chains.js';
import { instant } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { Accreditation, CertificateFacts, Recognition, RegistryEvent } from '../types.js';
import { describeAccreditation, describeRecognition, type ExplanationStep } from './describe-statement.js';
import { actionState } from './statement-state.js';
import type { Wording } from './wording.js';

/** An explained issuer or authority. */
export interface IssuerExplanation {
  headline: string;
  steps: ExplanationStep[];
  wouldHaveToChange: string[];
}

/** What {@link explainIssuer} is asked with. */
export interface IssuerOptions {
  anchor: string;
  /** RFC 3339. */
  now: string;
  policy?: Partial<TrustPolicy> | undefined;
}

/** Without a certificate: what an institution may issue, and who recognises that; or what an authority recognises and who recognises it. */
export function explainIssuer(did: string, view: TrustView, options: IssuerOptions, words: Wording): IssuerExplanation {
  const { anchor } = options;
  const at = instant(options.now);
  const name = words.name(did);
  const anchorName = words.name(anchor);
  const accreditors = [...view.accreditorsOf(did)].sort(
    (a, b) => Number(b === anchor) - Number(a === anchor) || (a < b ? -1 : 1),
  );
  if (!view.feedOf(anchor))
    return {
      headline: words.say('headline.anchorUnknown', { anchor: anchorName }),
      steps: [],
      wouldHaveToChange: [words.say('change.ANCHOR_UNKNOWN', { anchor: anchorName })],
    };
  const chains = [...new Set([...accreditors, did])].flatMap((authority) => chainsTo(did, authority, view, options));
  const makers = view.feeds.map((feed) => feed.authority).sort((a, b) => Number(b === anchor) - Number(a === anchor));
  const targets = new Set([...accreditors, did]);
  const statements = makers.flatMap((maker) =>
    [...view.recognitionsBy(maker)].flatMap(([subject, rows]) =>
      targets.has(subject) || chains.some((chain) => follows(chain, maker, subject))
        ? rows.filter((row) => row.homeAuthority === undefined || row.subject === did)
        : [],
    ),
  );
  const rows = accreditors.flatMap((authority) => view.accreditations(authority, did));
  const asOf = view.dataAsOf;
  const steps: ExplanationStep[] = [
    ...rows.flatMap((row) => describeAccreditation(row, row.actions, words, at)),
    ...[...new Set([...accreditors, anchor])]
      .flatMap((maker) => view.eventsBy(maker, did))
      .map((event) => describeEvent(event, words)),
    ...statements.flatMap((row) => describeRecognition(row, row.actions, words, at)),
    ...(view.feedOf(did) && rows.length === 0 ? authoritySteps(did, view, words, at) : []),
    ...reviewNotes(did, view, options.now).map((note): ExplanationStep => ({
      type: 'note',
      text: noteText(note, words.language),
      details: [],
    })),
    ...(asOf === null
      ? []
      : [{ type: 'note' as const, text: words.say('step.dataAsOf', { asOf: words.day(asOf) }), details: [] }]),
  ];
  const recognised = chains.some((chain) => liveChain(chain, did, view, at)) && !denied(did, view, anchor, at);
  return { ...conclusion(), steps };

  function conclusion(): Pick<IssuerExplanation, 'headline' | 'wouldHaveToChange'> {
    const authorities = words.list(accreditors.map((authority) => words.name(authority)));
    const params = { anchor: anchorName, issuer: name, subject: name, authorities };
    const said = (headline: string, change?: string) => ({
      headline: words.say(`headline.${headline}`, params),
      wouldHaveToChange: change === undefined ? [] : [words.say(`change.${change}`, params)],
    });
    if (rows.length === 0) {
      if (did === anchor) return said('authority.self');
      const known = view.feedOf(did) ?? (statements.length > 0 || view.authorityName(did) !== undefined);
      if (recognised) return said('authority.recognised');
      return known ? said('authority.unrecognised', 'authority.recognise') : said('issuer.unknown', 'issuer.accredit');
    }
    if (!rows.some((row) => mayIssue(row, view, at))) return said('issuer.idle', 'issuer.renew');
    if (!recognised) return said('issuer.unrecognised', 'issuer.recognise');
    return said(accreditors[0] === anchor ? 'issuer.home' : 'issuer.recognised');
  }
}

function chainsTo(issuer: string, authority: string, view: TrustView, options: IssuerOptions): readonly Chain[] {
  const asked: CertificateFacts = {
    kind: 'skill-level',
    certificateNumber: '',
    issuer,
    verificationMethod: '',
    issuedAt: options.now,
    signedAt: options.now,
    issuedUnder: { id: '', authority },
  };
  return searchChains(asked, view, options.anchor, trustPolicy(options.policy)).chains;
}

function follows(chain: Chain, maker: string, subject: string): boolean {
  const place = chain.indexOf(maker);
  return place >= 0 && chain[place + 1] === subject;
}

/** Every hop has a live action that could carry a certificate of the issuer. */
function liveChain(chain: Chain, issuer: string, view: TrustView, at: number): boolean {
  return chain.slice(1).every((subject, i) => {
    const below = chain.length - 2 - i;
    const rows = view.recognitionsBy(chain[i] ?? '').get(subject) ?? [];
    return rows.some((row) => carries(row, issuer, subject, below) && liveAction(row, below, view, at));
  });
}

function carries(row: Recognition, issuer: string, subject: string, below: number): boolean {
  if (row.homeAuthority !== undefined) return below === 0 && row.subject === issuer;
  return below > 0 || subject === issuer || row.actions.some((action) => action.action === 'accredit');
}

function liveAction(row: Recognition, below: number, view: TrustView, at: number): boolean {
  return row.actions.some(
    (action) =>
      below > 0 === (action.action === 'recognize') &&
      (action.onward?.maxDepth ?? 0) >= below &&
      actionState(row, action, view, at).state === 'live',
  );
}

function mayIssue(row: Accreditation, view: TrustView, at: number): boolean {
  return row.actions.some((action) => action.action === 'issue' && actionState(row, action, view, at).state === 'live');
}

function denied(did: string, view: TrustView, anchor: string, at: number): boolean {
  return view
    .eventsBy(anchor, did)
    .some(
      (event) =>
        event.event === 'deny' &&
        event.scope === undefined &&
        instant(event.effectiveFrom) <= at &&
        (event.effectiveUntil === undefined || at < instant(event.effectiveUntil)),
    );
}

function describeEvent(event: RegistryEvent, words: Wording): ExplanationStep {
  return {
    type: 'event',
    statement: event.id,
    text: words.say(`step.event.${event.event}`, {
      maker: words.name(event.authority),
      subject: words.name(event.about),
      cause: words.say(`cause.${event.cause}`),
      period: words.period(event.effectiveFrom, event.effectiveUntil),
      statement: event.statement ?? '',
    }),
    details: [words.say('detail.statement', { id: event.id })],
  };
}

function authoritySteps(did: string, view: TrustView, words: Wording, at: number): ExplanationStep[] {
  const feed = view.feedOf(did);
  const institutions = new Set(feed?.accreditations.map((row) => row.institution));
  return [
    {
      type: 'note',
      text: words.say('step.institutions', { subject: words.name(did), count: String(institutions.size) }),
      details: [],
    },
    ...(feed?.recognitions ?? []).flatMap((row) => describeRecognition(row, row.actions, words, at)),
  ];
}
