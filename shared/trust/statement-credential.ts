import { CREDENTIALS_V2_URL } from '../certificate/context.js';
import { YizhengError } from '../errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../json/parse-json.js';
import type { FeedCrypto } from './feed-crypto.js';
import { signCompact, verifyCompact, type FeedJwk } from './jws.js';
import { RECOGNITION_CONTEXT_URL } from './recognition-context.js';
import { parseStatement } from './statement-schema.js';
import type {
  Accreditation,
  Recognition,
  RecognizedAction,
  RegistryEvent,
  ReviewFinding,
  StatementKind,
  StatementTypes,
  SupplyChainMembership,
} from './types.js';

const TYPES: Record<StatementKind, readonly string[]> = {
  accreditation: ['VerifiableCredential', 'RecognizedEntityCredential', 'InstitutionAccreditationCredential'],
  recognition: ['VerifiableCredential', 'RecognizedEntityCredential', 'QualificationRecognitionCredential'],
  event: ['VerifiableCredential', 'RegistryEventCredential'],
  review: ['VerifiableCredential', 'CrossReviewCredential'],
  'supply-chain': ['VerifiableCredential', 'SupplyChainMembershipCredential'],
};

/** Largest signed statement, in characters. */
const MAX_STATEMENT = 600_000;

/**
 * Writes a statement as a W3C Verifiable Credential 2.0 (TRUST §2.2): `RecognizedEntityCredential` for accreditations and
 * recognitions, our own types for the rest. Validity stands in the actions; the credential itself has no `validUntil`, so that
 * the past can be evaluated. Members in fixed order.
 * @throws YizhengError `STATEMENT_INVALID`
 */
export function buildStatementCredential<K extends StatementKind>(kind: K, statement: StatementTypes[K]): JsonObject {
  return plain(credentialOf(kind, parseStatement(kind, statement)));
}

function credentialOf<K extends StatementKind>(kind: K, statement: StatementTypes[K]): object {
  const write = WRITERS[kind] as (statement: StatementTypes[K]) => {
    validFrom: string;
    subject: object;
    more?: object;
  };
  const { validFrom, subject, more } = write(statement);
  return {
    '@context': [CREDENTIALS_V2_URL, RECOGNITION_CONTEXT_URL],
    id: statement.id,
    type: TYPES[kind],
    issuer: { id: statement.authority, type: 'RecognizedIssuer' },
    validFrom,
    credentialSubject: [subject],
    ...more,
  };
}

/**
 * Reads the statement back out of its credential and demands that the credential is exactly what
 * {@link buildStatementCredential} writes for it.
 * @throws YizhengError `STATEMENT_INVALID`; `STATEMENT_SHAPE` when it says anything else
 */
export function readStatementCredential<K extends StatementKind>(kind: K, credential: unknown): StatementTypes[K] {
  const subjects = isJsonObject(credential) ? credential['credentialSubject'] : undefined;
  const subject: unknown = Array.isArray(subjects) ? subjects[0] : undefined;
  if (!isJsonObject(credential) || !isJsonObject(subject)) throw shape();
  const issuer = credential['issuer'];
  const head = { id: credential['id'], authority: isJsonObject(issuer) ? issuer['id'] : undefined };
  const members = Object.entries({ ...head, ...READERS[kind](subject, credential) });
  const statement = parseStatement(kind, Object.fromEntries(members.filter(([, value]) => value !== undefined)));
  if (JSON.stringify(credentialOf(kind, statement)) !== JSON.stringify(credential)) throw shape();
  return statement;
}

/**
 * Signs a statement as `vc+jwt` (W3C VC-JOSE-COSE §3.1): the JSON itself is signed byte for byte, so that no signature depends on
 * JSON-LD expansion, and any JOSE library checks it.
 * @param signer `kid` is the verification method URL of the authority's statement key
 * @returns compact JWS; the same statement and key always give the same text
 */
export function signStatement<K extends StatementKind>(
  kind: K,
  statement: StatementTypes[K],
  signer: { kid: string; sign(bytes: Uint8Array): Promise<Uint8Array> },
): Promise<string> {
  return signCompact('vc+jwt', JSON.stringify(buildStatementCredential(kind, statement)), signer);
}

/**
 * Checks a signed statement.
 * @param keyOf current statement keys of **its authority**, by verification method URL
 * @throws YizhengError `STATEMENT_SIGNATURE_INVALID`, `STATEMENT_INVALID`, `STATEMENT_SHAPE`, `JSON_*`
 */
export function verifyStatement<K extends StatementKind>(
  kind: K,
  jws: string,
  keyOf: (verificationMethod: string) => FeedJwk | undefined,
  crypto?: FeedCrypto,
): StatementTypes[K] {
  if (jws.length > MAX_STATEMENT) throw shape();
  const { payload, kid } = verifyCompact('vc+jwt', jws, keyOf, crypto);
  const credential = parseJsonObject(payload, { maxBytes: MAX_STATEMENT, maxDepth: 16, maxNodes: 20_000 });
  const statement = readStatementCredential(kind, credential);
  if (!kid.startsWith(`${statement.authority}#`))
    throw new YizhengError('STATEMENT_SIGNATURE_INVALID', 'A statement is signed by a key of another authority.');
  return statement;
}

type Writers = {
  [K in StatementKind]: (statement: StatementTypes[K]) => { validFrom: string; subject: object; more?: object };
};
const WRITERS: Writers = {
  accreditation: (row: Accreditation) => ({
    validFrom: begins(row.actions),
    subject: {
      id: row.institution,
      type: 'RecognizedEntity',
      legalName: row.legalName,
      institutionKind: row.institutionKind,
      institutionCode: row.institutionCode,
      unifiedSocialCreditCode: row.unifiedSocialCreditCode,
      signingKey: row.signingKeys,
      recognizedTo: row.actions.map(typedAction),
    },
    more: { supersedes: row.supersedes },
  }),
  recognition: (row: Recognition) => ({
    validFrom: begins(row.actions),
    subject: {
      id: row.subject,
      type: 'RecognizedEntity',
      legalName: row.legalName,
      homeAuthority: row.homeAuthority,
      registryRoot: row.registryRoot,
      recognizedTo: row.actions.map(typedAction),
    },
    more: { memorandum: row.memorandum, supersedes: row.supersedes },
  }),
  event: (row: RegistryEvent) => {
    const { id: _, authority: __, ...facts } = row;
    return { validFrom: row.effectiveFrom, subject: { type: 'RegistryEvent', ...facts } };
  },
  review: (row: ReviewFinding) => {
    const { id: _, authority: __, ...facts } = row;
    return { validFrom: row.validFrom, subject: { type: 'ReviewFinding', ...facts } };
  },
  'supply-chain': (row: SupplyChainMembership) => {
    const { id: _, authority: __, ...facts } = row;
    return { validFrom: row.validFrom, subject: { type: 'SupplyChainMembership', ...facts } };
  },
};

const facts = (subject: JsonObject): object => {
  const { type: _, ...rest } = subject;
  return rest;
};
const READERS: Record<StatementKind, (subject: JsonObject, credential: JsonObject) => object> = {
  accreditation: (subject, credential) => ({
    institution: subject['id'],
    legalName: subject['legalName'],
    institutionKind: subject['institutionKind'],
    institutionCode: subject['institutionCode'],
    unifiedSocialCreditCode: subject['unifiedSocialCreditCode'],
    signingKeys: subject['signingKey'],
    actions: untypedActions(subject),
    supersedes: credential['supersedes'],
  }),
  recognition: (subject, credential) => ({
    subject: subject['id'],
    legalName: subject['legalName'],
    homeAuthority: subject['homeAuthority'],
    registryRoot: subject['registryRoot'],
    actions: untypedActions(subject),
    memorandum: credential['memorandum'],
    supersedes: credential['supersedes'],
  }),
  event: facts,
  review: facts,
  'supply-chain': facts,
};

function typedAction(action: RecognizedAction): object {
  return { type: 'RecognizedAction', ...action };
}

function untypedActions(subject: JsonObject): unknown {
  const actions = subject['recognizedTo'];
  return Array.isArray(actions) ? actions.map((action) => (isJsonObject(action) ? facts(action) : action)) : actions;
}

function begins(actions: readonly RecognizedAction[]): string {
  return actions.map((action) => action.validFrom).reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a));
}

/** Without undefined members, as JSON has none. */
function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function shape(): YizhengError {
  return new YizhengError(
    'STATEMENT_SHAPE',
    'The credential is not written exactly as this kind of statement is written.',
  );
}
