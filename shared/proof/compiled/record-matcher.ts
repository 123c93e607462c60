import { statusListUrl } from '../../certificate/credential.js';
import { CERTIFICATE_KINDS } from '../../certificate/kind.js';
import { findLevel } from '../../certificate/level.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { decimalText } from '../../decimal-text.js';
import { iriValue, isInstant, isPlainInteger, isPlainText, type ShapeMatch } from './shape.js';

/** Makes a value of a fact, and of one that seldom changes; undefined when the credential has to be looked at. */
type Make = (fact: string, under: string) => string | undefined;

/** Facts of which the value is remembered at one place: a sheet of exams knows a few occupations, levels and plans. */
const MAX_KNOWN = 256;
/** What `encodeURIComponent` leaves as it is. */
const PLAIN_ID = /^[\w!~*'().-]*$/;

const URN = 'urn:yizheng:';
const placeOfKind = new Map<string, number>(CERTIFICATE_KINDS.map(({ id }, place) => [id, place]));

const iri = (value: string, ...prefixes: string[]) => iriValue(value, prefixes);
const instant = (value: string) => (isInstant(value) ? value : undefined);
const encoded = (id: string) => (PLAIN_ID.test(id) ? id : encodeURIComponent(id));
const listOf =
  (purpose: 'revocation' | 'suspension'): Make =>
  (list, issuer) =>
    iri(statusListUrl(issuer, purpose, Number(list)), 'https://', 'http://');

const firstInstant: Make = (date) => instant(`${date}T00:00:00+08:00`);
const lastInstant: Make = (date) => instant(`${date}T23:59:59+08:00`);
const webDid: Make = (did) => iri(did, 'did:web:');
const holderDid: Make = (did) => iri(did, 'did:key:', 'did:jwk:');
const accreditation: Make = (id) => iri(id, `${URN}accreditation:`);
const certificate: Make = (id) => iri(id, `${URN}certificate:`);
const occupation: Make = (code, edition) => iri(`${URN}occupation:${edition}:${code}`, `${URN}occupation:`);
const level: Make = (value, framework) => iri(`${URN}level:${framework}:${value}`, `${URN}level:`);
const levelName: Make = (value, framework) => findLevel({ framework, value })?.nameZh;
const assessment: Make = (id) => iri(`${URN}assessment:${encoded(id)}`, `${URN}assessment:`);
const specification: Make = (code) => iri(`${URN}specification:${encoded(code)}`, `${URN}specification:`);
const competition: Make = (number) => iri(`${URN}competition:${encoded(number)}`, `${URN}competition:`);
const organization: Make = (uscc) => iri(`${URN}organization:${uscc}`, `${URN}organization:`);
const revocationList = listOf('revocation');
const suspensionList = listOf('suspension');

/**
 * Says of a record what `matchShape` says of its credential, without building that: values in document order, straight from the
 * facts. They are remembered, because of the certificates of one exam few differ.
 */
export class RecordMatcher {
  readonly #known: (Known | undefined)[] = [];
  /** Values of the last record; what is the same again need not be looked at again, since all of them are plain. */
  readonly #values: string[] = [];
  #count = 0;
  #variant = 1;
  #fits = true;

  /**
   * @param record a parsed record
   * @returns undefined when there is something about a value (an escape, a half character, another form), so that the credential has
   *   to be built and looked at; else exactly `matchShape(buildCredential(record), CERTIFICATE_SHAPE)`, of which the values are good
   *   until the next call
   */
  match(record: CertificateRecord): ShapeMatch | undefined {
    this.#count = 0;
    this.#variant = 1;
    this.#fits = Number.isSafeInteger(record.revision) && Number.isSafeInteger(record.status.index);
    this.#certificate(record);
    const values = this.#values;
    if (values.length !== this.#count) values.length = this.#count;
    if (!this.#fits) return undefined;
    return { variant: this.#variant, values, isPlain: true, hasHalfCharacter: false };
  }

  #certificate(record: CertificateRecord): void {
    const { issuer, authority, status } = record;
    const id = `${encoded(record.certificateNumber)}:${record.revision}`;
    const kind = placeOfKind.get(record.kind);
    this.#fits &&= kind !== undefined;
    this.#variant = this.#variant * CERTIFICATE_KINDS.length + (kind ?? 0);
    this.#put(id);
    this.#add(webDid, issuer.id);
    this.#text(issuer.name);
    this.#add(firstInstant, record.issuedOn);
    this.#addOptional(lastInstant, record.expiresOn);
    this.#subject(record);
    this.#add(accreditation, record.accreditation.id);
    this.#add(webDid, authority.id);
    this.#text(authority.name);
    this.#addOptional(certificate, record.supersedes);
    const index = decimalText(status.index);
    this.#put(id);
    this.#put(index);
    this.#add(revocationList, status.list, issuer.id);
    this.#put(id);
    this.#put(index);
    this.#add(suspensionList, status.list, issuer.id);
  }

  #subject(record: CertificateRecord): void {
    const { holder, appointment, permit, training, advancement } = record;
    this.#addOptional(holderDid, holder.id);
    this.#text(holder.name);
    this.#text(holder.identityDocumentType);
    this.#text(holder.identityDocumentLastFour);
    this.#text(record.certificateNumber);
    this.#assessed(record);
    this.#nodes(record);
    this.#optionalText(appointment?.position);
    this.#optionalText(appointment?.from);
    this.#optionalText(appointment?.until);
    this.#optionalText(permit?.category);
    this.#optionalText(permit?.item);
    this.#optionalText(permit?.firstIssuedOn);
    this.#optionalText(permit?.reviewBy);
    this.#optionalText(training?.title);
    if (this.#has(training)) {
      this.#fits &&= isPlainInteger(training.hours);
      this.#put(String(training.hours));
    }
    this.#optionalText(advancement?.path);
    this.#optionalText(advancement?.basis);
  }

  #assessed({ occupation: job, level: grade, assessment: exam }: CertificateRecord): void {
    if (this.#has(job)) {
      this.#add(occupation, job.code, job.catalogueEdition);
      this.#text(job.code);
      this.#text(job.catalogueEdition);
      this.#text(job.name);
      this.#optionalText(job.trade);
    }
    if (this.#has(grade)) {
      this.#add(level, grade.value, grade.framework);
      this.#text(grade.framework);
      this.#text(grade.value);
      this.#add(levelName, grade.value, grade.framework);
    }
    this.#add(assessment, exam.id);
    this.#text(exam.method);
    this.#text(exam.standard);
    this.#text(exam.standardType);
    this.#text(exam.date);
    this.#optionalText(exam.batch);
    this.#optionalText(exam.region);
    this.#optionalText(exam.theoryScore);
    this.#optionalText(exam.practicalScore);
    this.#optionalText(exam.comprehensiveScore);
  }

  #nodes({ specification: rules, competition: contest, candidateEmployer: employer }: CertificateRecord): void {
    if (this.#has(rules)) {
      this.#add(specification, rules.code);
      this.#text(rules.code);
      this.#text(rules.version);
    }
    if (this.#has(contest)) {
      this.#add(competition, contest.filingNumber);
      this.#text(contest.filingNumber);
      this.#text(contest.name);
      this.#text(contest.event);
      this.#text(contest.rank);
    }
    if (this.#has(employer)) {
      this.#add(organization, employer.uscc);
      this.#text(employer.name);
      this.#optionalText(employer.supplyChainAgreement);
    }
  }

  /** Notes whether an optional member is there. */
  #has<T>(value: T | undefined): value is T {
    this.#variant = this.#variant * 2 + (value === undefined ? 0 : 1);
    return value !== undefined;
  }

  #optionalText(value: string | undefined): void {
    if (this.#has(value)) this.#text(value);
  }

  #addOptional(make: Make, fact: string | undefined): void {
    if (this.#has(fact)) this.#add(make, fact);
  }

  /** Every value of a match is plain, so what stands there already is. */
  #text(value: string): void {
    if (this.#values[this.#count] === value) this.#count++;
    else this.#put(typeof value === 'string' && isPlainText(value) ? value : undefined);
  }

  #add(make: Make, fact: unknown, under = ''): void {
    let known = this.#known[this.#count];
    if (known?.make !== make || known.under !== under)
      this.#known[this.#count] = known = { make, under, fact: undefined, value: undefined, values: new Map() };
    if (known.fact !== fact) {
      known.value = known.values.get(fact) ?? make(fact as string, under);
      known.fact = fact;
      if (known.values.size >= MAX_KNOWN) known.values.clear();
      known.values.set(fact, known.value);
    }
    this.#put(known.value);
  }

  #put(value: string | undefined): void {
    if (value === undefined) this.#fits = false;
    this.#values[this.#count++] = value ?? '';
  }
}

/** Values made at a place, and the last of them. */
interface Known {
  make: Make;
  under: string;
  fact: unknown;
  value: string | undefined;
  values: Map<unknown, string | undefined>;
}
