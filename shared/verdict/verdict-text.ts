import { certificateKind } from '../certificate/kind.js';
import { findLevel } from '../certificate/level.js';
import { translator, type Language, type Translate } from './translator.js';
import { QUESTIONS, type Finding, type Question, type Verdict } from './types.js';

/** One answered question, ready to be shown. */
export interface QuestionText {
  question: Question;
  title: string;
  /** “是 / 否 / 不清楚”. */
  answer: string;
  sentence: string;
  /** Up to when this is known; empty for what needs no data from outside. */
  asOf: string;
  /** Further reasons and warnings. */
  notes: string[];
}

/** A verdict in words. */
export interface VerdictText {
  headline: string;
  /** Those that were judged: of a forgery only the first. */
  questions: QuestionText[];
  /** What must still be done and what it counts as; empty when nothing. */
  conditions: string[];
  /** The certificate as label and value, in reading order; empty when it could not be read. */
  certificate: { label: string; value: string }[];
  /** Under which authority's rules, when, and how long the data is good. */
  context: { label: string; value: string }[];
  warnings: string[];
}

/**
 * Puts a verdict into words (Chinese or English).
 * @param verdict what {@link verify} returned
 * @param language target language
 * @param options `host`: host a scanned QR pointed to; `ownHosts`: hosts of the reader's own verifier — any other is warned of
 * @returns texts; nothing is escaped for HTML
 */
export function verdictText(
  verdict: Verdict,
  language: Language,
  options: { host?: string | undefined; ownHosts?: readonly string[] } = {},
): VerdictText {
  const say = translator(language);
  return {
    headline: say(`headline.${verdict.headline}`),
    questions: QUESTIONS.filter((question) => verdict.questions[question].code !== 'NOT_CHECKED').map((question) =>
      questionText(verdict, question, say),
    ),
    conditions: conditions(verdict, say),
    certificate: certificateText(verdict, language, say),
    context: [
      { label: say('label.anchor'), value: verdict.trust.anchorName ?? verdict.trust.anchor },
      { label: say('label.evaluatedAt'), value: localTime(verdict.evaluatedAt) },
      ...(verdict.trust.goodUntil === null
        ? []
        : [{ label: say('label.goodUntil'), value: localTime(verdict.trust.goodUntil) }]),
    ],
    warnings:
      options.host !== undefined && !(options.ownHosts ?? []).includes(options.host)
        ? [say('warning.foreignHost', { host: options.host })]
        : [],
  };
}

/** An instant as people here write it: China Standard Time, `2026-11-20 09:30`. */
export function localTime(instant: string): string {
  const shifted = new Date(Date.parse(instant) + 8 * 3_600_000).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 16)}`;
}

function questionText(verdict: Verdict, question: Question, say: Translate): QuestionText {
  const finding = verdict.questions[question];
  const params = shownParams(finding, say);
  const notes = finding.reasons
    .filter(
      (reason, i, all) => reason.code !== finding.code && all.findIndex((other) => other.code === reason.code) === i,
    )
    .map((reason) => say(reason.code, params));
  return {
    question,
    title: say(`question.${question}`),
    answer: say(`answer.${finding.answer}`),
    sentence: say(finding.code, params),
    asOf: asOfText(finding, say),
    notes,
  };
}

/** Codes become words, instants local time, and a link made for nobody in particular is for whoever has it. */
function shownParams({ code, params }: Finding, say: Translate): Record<string, string> {
  const { document, at, until, audience = say('link.anybody') } = params;
  return {
    ...params,
    ...(document !== undefined && { document: say(`document.${document}`) }),
    ...(code === 'HOLDER_LINK' && { audience }),
    ...(at !== undefined && { at: localTime(at) }),
    ...(until !== undefined && { until: localTime(until) }),
  };
}

function asOfText({ answer, asOf }: Finding, say: Translate): string {
  if (asOf !== null) return say('asOf', { asOf: localTime(asOf) });
  return answer === 'unknown' ? say('asOfNever') : '';
}

function conditions(verdict: Verdict, say: Translate): string[] {
  const { decision } = verdict;
  if (!decision || !verdict.headline.startsWith('accepted')) return [];
  return [
    ...decision.treatment.map((treatment) => say(`treatment.${treatment}`)),
    ...(decision.obligations.length === 0
      ? []
      : [
          say('obligations', {
            list: decision.obligations.map((duty) => say(`obligation.${duty}`)).join(say('list.separator')),
          }),
        ]),
  ];
}

function certificateText(verdict: Verdict, language: Language, say: Translate): VerdictText['certificate'] {
  const { certificate: record, personal, notShown } = verdict;
  if (!record) return [];
  const kind = certificateKind(record.kind);
  const level = record.level && findLevel(record.level);
  const rows: [string, string | undefined][] = [
    ['kind', language === 'zh-CN' ? kind.nameZh : kind.nameEn],
    ['certificateNumber', record.certificateNumber],
    ['name', record.holder.name],
    ['birthDate', personal?.birthDate],
    ['idNumber', personal?.idNumber],
    ['occupation', record.occupation && `${record.occupation.name} (${record.occupation.code})`],
    ['trade', record.occupation && (record.occupation.trade ?? '--')],
    ['level', level && (language === 'zh-CN' ? level.nameZh : `${level.nameEn} · ${level.nameZh}`)],
    ['position', record.appointment?.position],
    ['specification', record.specification && `${record.specification.code} ${record.specification.version}`],
    [
      'competition',
      record.competition && `${record.competition.name} · ${record.competition.event} · ${record.competition.rank}`,
    ],
    ['permit', record.permit && `${record.permit.category} · ${record.permit.item}`],
    ['training', record.training && `${record.training.title} (${record.training.hours} h)`],
    ['institution', record.issuer.name],
    ['authority', record.authority.name],
    ['issuedOn', record.issuedOn],
    ['expiresOn', record.expiresOn],
    ['advancement', record.advancement?.basis],
    ['notShown', notShown?.map((path) => say(`claim.${path}`)).join(say('list.separator'))],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [{ label: say(`label.${label}`), value }]));
}
