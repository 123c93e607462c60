import { YizhengError } from '../../shared/errors.js';
import { draftOf, type CertificateDraft, type ExamResult } from '../exam-result.js';
import { keyTexts } from '../result-keys.js';
import { PersonBytes, SCORES } from './person-bytes.js';
import { sharedFactsOf, type SharedFacts } from './sheet/seen-people.js';
import { storedDraft } from './stored-draft.js';
import { TextPack } from './text-pack.js';

/** What a row says of its person, all of it plain: digits, ASCII letters, hyphens, Chinese characters and the dot between them. */
export interface PlainPerson {
  name: string;
  /** 18 characters. */
  idNumber: string;
  assessmentId: string;
  theoryScore?: string | undefined;
  practicalScore?: string | undefined;
  comprehensiveScore?: string | undefined;
}

/** A row that is told by its person and what all rows like it share. */
export interface PlainRow {
  template: RowTemplate;
  person: PlainPerson;
}

/** What is written of a plain row. */
export interface RowTexts {
  /** See {@link storedDraft}. */
  draft: TextPack;
  /** See {@link keyTexts}. */
  duplicate: TextPack;
  holder: TextPack;
  result: TextPack;
}

type Hole = 'name' | 'idNumber' | 'assessmentId' | 'lastFour' | 'scores';
const HOLES: readonly Hole[] = ['name', 'idNumber', 'assessmentId', 'scores', 'lastFour'];
/** What stands in the holes while a template is made: texts no cell may hold, the same in capital letters. */
const MARKS = Object.fromEntries(HOLES.map((hole, i) => [hole, `\u0001${i}\u0001`])) as Record<Hole, string>;
/** What JSON makes of them. */
const WRITTEN = Object.fromEntries(
  HOLES.map((hole) => [
    hole,
    hole === 'scores' ? `,"theoryScore":${JSON.stringify(MARKS.scores)}` : JSON.stringify(MARKS[hole]).slice(1, -1),
  ]),
) as Record<Hole, string>;

/**
 * Everything the dry run writes of rows that differ in nothing but their person, with holes for that. It is made of the first such row
 * by the functions every other row goes through, and held against what they say of it.
 */
export class RowTemplate {
  private constructor(
    /** Draft of the row it was made of; other rows differ from it in nothing their facts are made of. */
    readonly draft: CertificateDraft,
    /** Date of issue, where the row gives one. */
    readonly issuedOn: string | null,
    /** What people are told apart by beside what is their own. */
    readonly shared: SharedFacts | undefined,
    private readonly texts: Readonly<Record<keyof RowTexts, HoledText>>,
  ) {}

  /**
   * @param exam exam result of the first row, its scores behind everything else of the assessment
   * @param today day of the upload
   * @returns undefined where its texts cannot be put together so: then each row is written by itself
   */
  static of(exam: ExamResult, person: PlainPerson, today: string): RowTemplate | undefined {
    const draft = draftIfGood(exam, exam.issuedOn ?? today);
    if (!draft) return undefined;
    const { theoryScore: _, practicalScore: __, comprehensiveScore: ___, ...assessment } = exam.assessment;
    const marked = { ...assessment, id: MARKS.assessmentId, theoryScore: MARKS.scores };
    const shown = { ...draft.holder, name: MARKS.name, identityDocumentLastFour: MARKS.lastFour };
    const holed = textsOf(
      { ...exam, assessment: marked, holder: { ...exam.holder, name: MARKS.name, idNumber: MARKS.idNumber } },
      { ...draft, assessment: marked, holder: shown },
    );
    const template = new RowTemplate(draft, exam.issuedOn ?? null, sharedFactsOf(exam), {
      draft: new HoledText(holed.draft),
      duplicate: new HoledText(holed.duplicate),
      holder: new HoledText(holed.holder),
      result: new HoledText(holed.result),
    });
    const written = template.written(person);
    const wanted = textsOf(exam, draft);
    return TEXTS.every((name) => written[name].text(0).equals(Buffer.from(wanted[name]))) ? template : undefined;
  }

  /** Adds the texts of a row. */
  write(person: PersonBytes, texts: RowTexts): void {
    const { draft, duplicate, holder, result } = this.texts;
    draft.write(texts.draft, person);
    duplicate.write(texts.duplicate, person);
    holder.write(texts.holder, person);
    result.write(texts.result, person);
  }

  private written(person: PlainPerson): RowTexts {
    const pack = (): TextPack => new TextPack(1024);
    const texts = { draft: pack(), duplicate: pack(), holder: pack(), result: pack() };
    this.write(new PersonBytes().take(person), texts);
    return texts;
  }
}

const TEXTS = ['draft', 'duplicate', 'holder', 'result'] as const;

function textsOf(exam: ExamResult, draft: CertificateDraft): Record<keyof RowTexts, string> {
  return { draft: storedDraft(draft), ...keyTexts({ draft, exam }) };
}

function draftIfGood(exam: ExamResult, issuedOn: string): CertificateDraft | undefined {
  try {
    return draftOf(exam, issuedOn);
  } catch (error) {
    if (error instanceof YizhengError) return undefined;
    throw error;
  }
}

/** A text with holes: a piece, a hole, a piece … */
class HoledText {
  private readonly pieces: readonly Uint8Array[];
  private readonly holes: readonly Hole[];

  constructor(text: string) {
    const places = HOLES.map((hole) => ({ hole, at: text.indexOf(WRITTEN[hole]) })).filter(({ at }) => at >= 0);
    places.sort((a, b) => a.at - b.at);
    let start = 0;
    const pieces = places.map(({ hole, at }) => {
      const piece = text.slice(start, at);
      start = at + WRITTEN[hole].length;
      return piece;
    });
    this.pieces = [...pieces, text.slice(start)].map((piece) => Buffer.from(piece));
    this.holes = places.map(({ hole }) => hole);
  }

  write(pack: TextPack, person: PersonBytes): void {
    const { pieces, holes } = this;
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i];
      const hole = holes[i];
      if (piece) pack.put(piece);
      if (hole !== undefined) fill(hole, pack, person);
    }
    pack.end();
  }
}

const ID_NUMBER = 18;
const LAST_FOUR = 4;

function fill(hole: Hole, pack: TextPack, person: PersonBytes): void {
  const { bytes, idStart } = person;
  if (hole === 'name') pack.copy(bytes, person.nameStart, person.nameEnd);
  else if (hole === 'idNumber') pack.copy(bytes, idStart, idStart + ID_NUMBER);
  else if (hole === 'lastFour') pack.copy(bytes, idStart + ID_NUMBER - LAST_FOUR, idStart + ID_NUMBER);
  else if (hole === 'assessmentId') pack.copy(bytes, person.assessmentStart, person.assessmentEnd);
  else writeScores(pack, person);
}

const BEFORE = SCORES.map((part) => Buffer.from(`,"${part}":"`));
const AFTER = Buffer.from('"');

/** The members of an assessment that hold scores, behind others. */
function writeScores(pack: TextPack, { bytes, scores }: PersonBytes): void {
  for (let i = 0; i < BEFORE.length; i++) {
    const before = BEFORE[i];
    const start = scores[2 * i] ?? 0;
    const end = scores[2 * i + 1] ?? 0;
    if (!before || start === end) continue;
    pack.put(before);
    pack.copy(bytes, start, end);
    pack.put(AFTER);
  }
}
