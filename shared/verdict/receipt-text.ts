import { translator, type Language, type Translate } from './translator.js';
import type { Receipt } from './receipt-schema.js';
import type { ReceiptRecheck } from './receipt-recheck.js';
import { localTime } from './verdict-text.js';

/** A line of a label and its value. */
export interface LabelledValue {
  label: string;
  value: string;
}

/** What stands on a receipt besides its verdict: who, by whose rules, on which data, with which program. */
export function receiptRows(receipt: Receipt, language: Language): LabelledValue[] {
  const say = translator(language);
  const { anchor, program, data, certificate } = receipt;
  const row = (label: string, value: string): LabelledValue => ({ label: say(`label.${label}`), value });
  return [
    row('evaluatedAt', localTime(receipt.checkedAt)),
    ...(receipt.checkedBy === undefined ? [] : [row('checkedBy', receipt.checkedBy)]),
    row('anchor', anchor.name === undefined ? anchor.authority : `${anchor.name} (${anchor.authority})`),
    ...assessmentRow(receipt, say),
    row(
      'root',
      anchor.root === null ? say('receipt.noRoot') : `${anchor.root.digestMultibase} (v${anchor.root.version})`,
    ),
    ...data.feeds.map((feed) =>
      row(
        'feed',
        say('receipt.feed', {
          name: feed.name,
          sequence: String(feed.sequence),
          asOf: feed.issuedAt === '' ? '—' : localTime(feed.issuedAt),
          digest: feed.manifestSha256.slice(0, 16),
        }),
      ),
    ),
    ...data.statements.map((statement) => row('statement', statement.id)),
    ...data.reviews.map((review) => row('review', `${say(`review.${review.result}`)} (${review.authority})`)),
    row('certificateDigest', certificate.sha256),
    row('program', `yizheng ${program.version}`),
    row('receiptDigest', receipt.digest),
  ];
}

/** How the holder was assessed, as far as the certificate says (DOMAIN M08: a summary of the quality of the assessment). */
function assessmentRow({ verdict }: Receipt, say: Translate): LabelledValue[] {
  const assessment = verdict.certificate?.assessment;
  if (!assessment) return [];
  const scores = (['theoryScore', 'practicalScore', 'comprehensiveScore'] as const).flatMap((name) => {
    const score = assessment[name];
    return score === undefined ? [] : [say(`receipt.${name}`, { score })];
  });
  const parts = [say(`method.${assessment.method}`), assessment.standard, assessment.date, ...scores];
  return [{ label: say('label.assessment'), value: parts.join(' · ') }];
}

/** What a re-check found, in words. */
export interface RecheckText {
  /** The three answers, in order: intact, confirmed, today. */
  answers: { title: string; answer: string; sentence: string; notes: string[] }[];
  warnings: string[];
}

/** Puts a re-check into words (Chinese or English); nothing is escaped for HTML. */
export function recheckText(recheck: ReceiptRecheck, language: Language): RecheckText {
  const say = translator(language);
  const list = (questions: readonly string[]): string =>
    questions.map((question) => say(`question.${question}`)).join(say('list.separator'));
  const { intact, then, today, statements } = recheck;
  const named = { time: localTime(recheck.receipt.checkedAt) };
  return {
    answers: [
      { title: say('recheck.intact'), answer: say(`answer.${intact.answer}`), sentence: say(intact.code), notes: [] },
      {
        title: say('recheck.then', named),
        answer: say(`answer.${then.answer}`),
        sentence: say(then.code, named),
        notes: [
          ...(then.differs.length === 0 ? [] : [say('recheck.differs', { list: list(then.differs) })]),
          ...(then.notRepeated.length === 0 ? [] : [say('recheck.notRepeated', { list: list(then.notRepeated) })]),
        ],
      },
      {
        title: say('recheck.today', { time: localTime(today.evaluatedAt) }),
        answer: say(`headline.${today.headline}`),
        sentence: say(
          (['authentic', 'current', 'authorised', 'recognised'] as const)
            .map((question) => today.questions[question])
            .find(({ answer }) => answer !== 'pass')?.code ?? today.questions.recognised.code,
          { ...today.questions.recognised.params, ...today.questions.current.params },
        ),
        notes: statements.map(({ id, state }) => say(`recheck.statement.${state}`, { id })),
      },
    ],
    warnings: [
      ...(recheck.rootKnown === false ? [say('RECEIPT_ROOT_OTHER')] : []),
      ...(recheck.otherProgram ? [say('RECEIPT_OTHER_PROGRAM')] : []),
    ],
  };
}
