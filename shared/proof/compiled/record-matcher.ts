import { statusListUrl } from '../../certificate/credential.js';
import { CERTIFICATE_KINDS } from '../../certificate/kind.js';
import { findLevel } from '../../certificate/level.js';
import type { CertificateRecord } from '../../certificate/record.js';
import { isInstant, isIri, isPlainInteger, isPlainText, type ShapeMatch } from './shape.js';

/** Makes a value of one or two facts; undefined when the credential has to be looked at. */
type Make = (a: string, b: string) => string | undefined;

const URN = 'urn:yizheng:';
const placeOfKind = new Map<string, number>(CERTIFICATE_KINDS.map(({ id }, place) => [id, place]));

const iri = (value: string, ...prefixes: string[]) => (isIri(value, prefixes) ? value : undefined);
const instant = (value: string) => (isInstant(value) ? value : undefined);
const listOf =
  (purpose: 'revocation' | 'suspension'): Make =>
  (issuer, list) =>
    iri(statusListUrl(issuer, purpose, Number(list)), 'https://', 'http://');

const text: Make = (value) => (typeof value === 'string' && isPlainText(value) ? value : undefined);
const firstInstant: Make = (date) => instant(`${date}T00:00:00+08:00`);
const lastInstant: Make = (date) => instant(`${date}T23:59:59+08:00`);
const webDid: Make = (did) => iri(did, 'did:web:');
const holderDid: Make = (did) => iri(did, 'did:key:', 'did:jwk:');
const accreditation: Make = (id) => iri(id, `${URN}accreditation:`);
const certificate: Make = (id) => iri(id, `${URN}certificate:`);
const occupation: Make = (edition, code) => iri(`${URN}occupation:${edition}:${code}`, `${URN}occupation:`);
const level: Make = (framework, value) => iri(`${URN}level:${framework}:${value}`, `${URN}level:`);
const levelName: Make = (framework, value) => findLevel({ framework, value })?.nameZh;
const assessment: Make = (id) => iri(`${URN}assessment:${encodeURIComponent(id)}`, `${URN}assessment:`);
const specification: Make = (code) => iri(`${URN}specification:${encodeURIComponent(code)}`, `${URN}specification:`);
const competition: Make = (number) => iri(`${URN}competition:${encodeURIComponent(number)}`, `${URN}competition:`);
const organization: Make = (uscc) => iri(`${URN}organization:${uscc}`, `${URN}organization:`);
const revocationList = listOf('revocation');
const suspensionList = listOf('suspension');

/**
 * Says of a record what `matchShape` says of its credential, without building that: values in document order, straight from the
 * facts. They are remembered, because of the certificates of one exam few differ.
 */
export class RecordMatcher {
  readonly #known: { make: Make; a: unknown; b: unknown; value: string }[] = [];
  #values: string[] = [];
  #variant = 1;
  #fits = true;

  /**
   * @param record a parsed record
   * @returns undefined when there is something about a value (an escape, a half character, another form), so that the credential has
   *   to be built and looked at; else exactly `matchShape(buildCredential(record), CERTIFICATE_SHAPE)`
   */
  match(record: CertificateRecord): ShapeMatch | undefined {
    this.#values = [];
    this.#variant = 1;
    this.#fits = Number.isSafeInteger(record.revision);
    this.#certificate(record);
    if (!this.#fits) return undefined;
    return { variant: this.#variant, values: this.#values, isPlain: true, hasHalfCharacter: false };
  }

  #certificate(record: CertificateRecord): void {
    const { issuer, authority, status } = record;
    const id = `${encodeURIComponent(record.certificateNumber)}:${record.revision}`;
    const kind = placeOfKind.get(record.kind);
    this.#fits &&= kind !== undefined;
    this.#variant = this.#variant * CERTIFICATE_KINDS.length + (kind ?? 0);
    this.#values.push(`${URN}certificate:${id}`);
    this.#add(webDid, issuer.id);
    this.#add(text, issuer.name);
    this.#add(firstInstant, record.issuedOn);
    this.#addOptional(lastInstant, record.expiresOn);
    this.#subject(record);
    this.#add(accreditation, record.accreditation.id);
    this.#add(webDid, authority.id);
    this.#add(text, authority.name);
    this.#addOptional(certificate, record.supersedes);
    const index = String(status.index);
    this.#values.push(`${URN}revocation:${id}`, index);
    this.#add(revocationList, issuer.id, status.list);
    this.#values.push(`${URN}suspension:${id}`, index);
    this.#add(suspensionList, issuer.id, status.list);
  }

  #subject(record: CertificateRecord): void {
    const { holder, appointment, permit, training, advancement } = record;
    this.#addOptional(holderDid, holder.id);
    this.#add(text, holder.name);
    this.#add(text, holder.identityDocumentType);
    this.#add(text, holder.identityDocumentLastFour);
    this.#add(text, record.certificateNumber);
    this.#assessed(record);
    this.#nodes(record);
    this.#addOptional(text, appointment?.position);
    this.#addOptional(text, appointment?.from);
    this.#addOptional(text, appointment?.until);
    this.#addOptional(text, permit?.category);
    this.#addOptional(text, permit?.item);
    this.#addOptional(text, permit?.firstIssuedOn);
    this.#addOptional(text, permit?.reviewBy);
    this.#addOptional(text, training?.title);
    if (this.#has(training)) {
      this.#fits &&= isPlainInteger(training.hours);
      this.#values.push(String(training.hours));
    }
    this.#addOptional(text, advancement?.path);
    this.#addOptional(text, advancement?.basis);
  }

  #assessed({ occupation: job, level: grade, assessment: exam }: CertificateRecord): void {
    if (this.#has(job)) {
      this.#add(occupation, job.catalogueEdition, job.code);
      this.#add(text, job.code);
      this.#add(text, job.catalogueEdition);
      this.#add(text, job.name);
      this.#addOptional(text, job.trade);
    }
    if (this.#has(grade)) {
      this.#add(level, grade.framework, grade.value);
      this.#add(text, grade.framework);
      this.#add(text, grade.value);
      this.#add(levelName, grade.framework, grade.value);
    }
    this.#add(assessment, exam.id);
    this.#add(text, exam.method);
    this.#add(text, exam.standard);
    this.#add(text, exam.standardType);
    this.#add(text, exam.date);
    this.#addOptional(text, exam.batch);
    this.#addOptional(text, exam.region);
    this.#addOptional(text, exam.theoryScore);
    this.#addOptional(text, exam.practicalScore);
    this.#addOptional(text, exam.comprehensiveScore);
  }

  #nodes({ specification: rules, competition: contest, candidateEmployer: employer }: CertificateRecord): void {
    if (this.#has(rules)) {
      this.#add(specification, rules.code);
      this.#add(text, rules.code);
      this.#add(text, rules.version);
    }
    if (this.#has(contest)) {
      this.#add(competition, contest.filingNumber);
      this.#add(text, contest.filingNumber);
      this.#add(text, contest.name);
      this.#add(text, contest.event);
      this.#add(text, contest.rank);
    }
    if (this.#has(employer)) {
      this.#add(organization, employer.uscc);
      this.#add(text, employer.name);
      this.#addOptional(text, employer.supplyChainAgreement);
    }
  }

  /** Notes whether an optional member is there. */
  #has<T>(value: T | undefined): value is T {
    this.#variant = this.#variant * 2 + (value === undefined ? 0 : 1);
    return value !== undefined;
  }

  #addOptional(make: Make, a: string | undefined): void {
    if (this.#has(a)) this.#add(make, a);
  }

  #add(make: Make, a: unknown, b?: unknown): void {
    const place = this.#values.length;
    const known = this.#known[place];
    if (known !== undefined && known.a === a && known.b === b && known.make === make) {
      this.#values.push(known.value);
      return;
    }
    const value = make(a as string, b as string);
    this.#values.push(value ?? '');
    if (value === undefined) this.#fits = false;
    else if (known) {
      known.make = make;
      known.a = a;
      known.b = b;
      known.value = value;
    } else this.#known[place] = { make, a, b, value };
  }
}
