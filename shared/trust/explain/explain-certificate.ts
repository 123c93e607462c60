import { decide, type DecideOptions } from '../decide.js';
import { noteText } from '../notes/note-text.js';
import { reviewNotes } from '../notes/review-notes.js';
import { outsideScope, scopeQuestion } from '../scope.js';
import { instant } from '../time.js';
import type { TrustView } from '../trust-view.js';
import type { CertificateFacts, Decision, Reason, RecognizedAction } from '../types.js';
import {
  describeAccreditation,
  describeRecognition,
  listedBy,
  subjectName,
  type ExplanationStep,
} from './describe-statement.js';
import { findStatement, statementsOnPath, type Referenced } from './find-statement.js';
import { actionState } from './statement-state.js';
import type { Wording } from './wording.js';

/** An explained certificate. */
export interface CertificateExplanation {
  headline: string;
  steps: ExplanationStep[];
  wouldHaveToChange: string[];
  decision: Decision;
}

/** At most so many failures are told; the furthest on the way come first. */
const MOST_REFUSALS = 12;
const POSITIVE: ReadonlySet<string> = new Set([
  'RECOGNISED_BY_ANCHOR',
  'ACCREDITED_BY_ANCHOR',
  'RECOGNISED_WITH_OBLIGATIONS',
]);

/** Explains the decision about a certificate: the path that carries it, or each rule that failed and what would have to change. */
export function explainCertificate(
  facts: CertificateFacts,
  view: TrustView,
  options: DecideOptions,
  words: Wording,
): CertificateExplanation {
  const decision = decide(facts, view, options);
  const teller = new Teller(facts, view, options, words);
  const good = decision.outcome === 'recognised' || decision.outcome === 'recognised-with-conditions';
  const path = decision.path.length > 0 || decision.as ? teller.path(decision) : [];
  const failing = good ? [] : decision.reasons.slice(0, MOST_REFUSALS);
  const warnings = good
    ? decision.reasons.filter(({ code }) => !POSITIVE.has(code) && code !== 'ONLY_ENTITLES_TO_APPLY')
    : [];
  return {
    headline: teller.headline(decision),
    steps: [
      ...failing.map((reason) => teller.refusal(reason)),
      ...path,
      ...warnings.map((reason) => teller.warning(reason)),
      ...teller.notes(),
      ...teller.asOf(decision),
    ],
    wouldHaveToChange: good
      ? decision.obligations.map((item) => words.say('step.owed', { owed: words.say(`obligation.${item}`) }))
      : [...new Set(failing.map((reason) => teller.change(reason)))],
    decision,
  };
}

class Teller {
  private readonly at: number;

  constructor(
    private readonly facts: CertificateFacts,
    private readonly view: TrustView,
    private readonly options: DecideOptions,
    private readonly words: Wording,
  ) {
    this.at = instant(options.asOf ?? options.now);
  }

  headline(decision: Decision): string {
    const { words, facts } = this;
    const first = decision.reasons[0];
    return words.say(`headline.${decision.outcome}`, {
      anchor: words.name(decision.anchor),
      issuer: words.name(facts.issuer),
      as: this.countsAs(decision),
      owed: this.owed(decision),
      why: first ? this.why(first) : '',
    });
  }

  path(decision: Decision): ExplanationStep[] {
    const { words, view } = this;
    const { recognitions, accreditation } = statementsOnPath(decision.anchor, decision.path, view);
    const said = recognitions.flatMap((row, i) => {
      const onward = i < recognitions.length - 1;
      const needed = onward ? 'recognize' : row.homeAuthority === undefined ? 'accredit' : 'issue';
      const actions = row.actions.filter((action) => action.action === needed);
      return describeRecognition(row, this.fitting(actions, 'all'), words, this.at);
    });
    const issue = accreditation?.actions.filter((action) => action.action === 'issue') ?? [];
    const result = (text: string): ExplanationStep => ({ type: 'result', text, details: [] });
    return [
      ...(recognitions.length === 0 && accreditation
        ? [result(words.say('step.home', { anchor: words.name(decision.anchor) }))]
        : said),
      ...(accreditation
        ? describeAccreditation(accreditation, this.fitting(issue, 'nothing'), words, instant(this.facts.issuedAt))
        : []),
      ...(decision.mutual ? [result(words.say('step.mutual'))] : []),
      {
        type: 'result',
        text: words.say('step.result', { anchor: words.name(decision.anchor), as: this.countsAs(decision) }),
        details: [
          words.say('detail.treatment', {
            list: words.list(decision.treatment.map((item) => words.say(`treatment.${item}`))),
          }),
        ],
      },
      ...(decision.obligations.length > 0 ? [result(words.say('step.owed', { owed: this.owed(decision) }))] : []),
      ...decision.entitlements.map(({ above }) => result(words.say('step.entitled', { above: words.level(above) }))),
    ];
  }

  /** The rule that failed, and the statement it failed at. */
  refusal(reason: Reason): ExplanationStep {
    const { recognition, accreditation, event } = this.referenced(reason);
    const { words } = this;
    const described = recognition
      ? describeRecognition(recognition, recognition.actions, words, this.at)
      : accreditation
        ? describeAccreditation(accreditation, accreditation.actions, words, instant(this.facts.issuedAt))
        : [];
    const maker = recognition?.authority ?? accreditation?.authority ?? event?.authority;
    return {
      type: 'refusal',
      ...(reason.ref === undefined ? {} : { statement: reason.ref }),
      text: `${this.why(reason)} [${reason.code}]`,
      details: [
        ...described.flatMap(({ text, details }) => [text, ...details]),
        ...(event ? [words.say('detail.statement', { id: event.id })] : []),
        ...(maker === undefined ? [] : [words.say('detail.contact', { maker: words.name(maker) })]),
      ],
    };
  }

  warning(reason: Reason): ExplanationStep {
    return {
      type: 'warning',
      ...(reason.ref === undefined ? {} : { statement: reason.ref }),
      text: `${this.why(reason)} [${reason.code}]`,
      details: [],
    };
  }

  notes(): ExplanationStep[] {
    return reviewNotes(this.facts.issuer, this.view, this.options.now).map((note) => ({
      type: 'note',
      ...(note.ref === undefined ? {} : { statement: note.ref }),
      text: noteText(note, this.words.language),
      details: [],
    }));
  }

  asOf({ dataAsOf }: Decision): ExplanationStep[] {
    if (dataAsOf === null) return [];
    return [{ type: 'note', text: this.words.say('step.dataAsOf', { asOf: this.words.day(dataAsOf) }), details: [] }];
  }

  change(reason: Reason): string {
    return this.sentence('change', reason);
  }

  private why(reason: Reason): string {
    return this.sentence('why', reason);
  }

  private sentence(type: 'why' | 'change', reason: Reason): string {
    const key = `${type}.${reason.code}`;
    const params = this.params(reason);
    const text = this.words.say(key, params);
    return text === key ? this.words.say(`${type}.other`, { code: reason.code }) : text;
  }

  private params(reason: Reason): Record<string, string> {
    const { words, facts, options } = this;
    const { request } = options;
    const found = this.referenced(reason);
    const { recognition, accreditation, event } = found;
    const row = recognition ?? accreditation;
    const actions = row?.actions ?? [];
    const question = scopeQuestion(facts, accreditation);
    return {
      anchor: words.name(options.anchor),
      authority: words.name(facts.issuedUnder.authority),
      issuer: words.name(facts.issuer),
      maker: words.name(row?.authority ?? event?.authority ?? facts.issuedUnder.authority),
      subject: this.subject(reason, found),
      kind: words.kind(facts.kind),
      occupation: facts.occupation
        ? words.occupation(facts.occupation.code, facts.occupation.catalogueEdition)
        : words.say('not.stated'),
      level: facts.level ? words.level(facts.level) : words.say('not.stated'),
      region: question.region === '' ? words.say('not.stated') : question.region,
      standard: facts.standard?.id ?? words.say('not.stated'),
      issuedOn: words.day(facts.issuedAt),
      allowed: listedBy(reason.code, actions, words),
      period: event
        ? words.period(event.effectiveFrom, event.effectiveUntil)
        : row
          ? actions
              .map((action) => actionState(row, action, this.view, this.at))
              .map(({ begins, ends }) => words.period(begins, ends))
              .join(words.say('list.or'))
          : words.say('period.always'),
      window: actions
        .map(({ certificateIssued }) => words.period(certificateIssued?.from, certificateIssued?.until))
        .join(words.say('list.or')),
      voids: event ? words.day(event.voidsIssuedSince ?? event.effectiveFrom) : '',
      wantedKind: request?.kind ? words.kind(request.kind) : '',
      wantedOccupation: request?.occupation === undefined ? '' : words.occupation(request.occupation),
      wantedLevel: request?.level ? words.level(request.level) : '',
    };
  }

  private subject({ ref }: Reason, { recognition, accreditation, event }: Referenced): string {
    const { words } = this;
    if (recognition) return subjectName(recognition, words);
    if (accreditation) return accreditation.legalName;
    return words.name(event?.about ?? ref ?? this.facts.issuer);
  }

  private referenced({ ref }: Reason): Referenced {
    if (ref === undefined) return {};
    const { anchor } = this.options;
    const named = this.facts.issuedUnder.authority;
    const others = this.view.feeds.map((feed) => feed.authority).filter((did) => did !== anchor && did !== named);
    return findStatement(ref, this.view, [anchor, named, ...others]);
  }

  /** The actions that cover the certificate; all of them where none does so as it is, e.g. after a level mapping. */
  private fitting(actions: readonly RecognizedAction[], absent: 'all' | 'nothing'): readonly RecognizedAction[] {
    const question = scopeQuestion(this.facts, undefined);
    const known = question.region === '' ? { ...question, region: '*' } : question;
    const covering = actions.filter((action) =>
      outsideScope(action.scope, known, absent).every((code) => code === 'REGION_OUT_OF_SCOPE'),
    );
    return covering.length > 0 ? covering : actions;
  }

  private countsAs({ as }: Decision): string {
    if (!as) return '';
    const { words } = this;
    return [
      words.kind(as.kind),
      ...(as.occupation === undefined ? [] : [words.occupation(as.occupation)]),
      ...(as.level ? [words.level(as.level)] : []),
    ].join(' · ');
  }

  private owed({ obligations }: Decision): string {
    return this.words.list(obligations.map((item) => this.words.say(`obligation.${item}`)));
  }
}
