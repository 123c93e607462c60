import { z } from 'zod';
import { certificateKind, KIND_IDS } from '../certificate/kind.js';
import { INSTITUTION_CODE } from '../certificate/certificate-number.js';
import { findLevel } from '../certificate/level.js';
import { accreditationId, schemaError, unifiedSocialCreditCode, webDid } from '../certificate/record.js';
import { certificateText } from '../certificate/text.js';
import { isHolderLevel } from './holder-level.js';
import { instant } from './time.js';
import type { StatementKind, StatementTypes } from './types.js';

const ACTIONS = ['issue', 'accredit', 'recognize'] as const;
const TREATMENTS = ['full', 'deemed-level', 'exempt-safety-training', 'exempt-theory', 'apply-next-level'] as const;
/** Kinds of institution (TRUST §2.1). */
export const INSTITUTION_KINDS = ['employer', 'social', 'school', 'industry', 'chain-leader'] as const;

/** An RFC 3339 date-time with offset and whole seconds, which exists. */
export const dateTime = z
  .string()
  .max(30)
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/,
    'must be a date-time like 2026-01-05T00:00:00+08:00',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'is not an instant of the calendar', abort: true });

/** `uEi…`: base64url multihash of a SHA-256. */
export const digestMultibaseSchema = z
  .string()
  .regex(/^uEi[A-Za-z0-9_-]{44}$/, 'must be a SHA-256 digestMultibase (uEi…)');

/** `id` of a statement of this kind. */
const urn = (kind: string) =>
  z
    .string()
    .max(200)
    .regex(new RegExp(`^urn:yizheng:${kind}:[A-Za-z0-9:._%-]+$`), `must be a urn:yizheng:${kind}:…`);
const statementId = z
  .string()
  .max(200)
  .regex(/^urn:yizheng:(?:accreditation|recognition):[A-Za-z0-9:._%-]+$/, 'must be the id of a statement');

const PERMIT_ITEM = '[\\p{L}\\p{N}·、()()/-]{1,60}';
/**
 * Occupation pattern: a code, a prefix with `*`, or `*`; a catalogue edition may stand before it (`1999:4-03-*`); 2022 without.
 * Permits have items instead of occupations: `permit:低压电工作业`.
 */
const occupationPattern = z
  .string()
  .regex(
    new RegExp(
      `^(?:(?:(?:1999|2015|2022):)?(?:\\*|[1-8](?:-\\d{2}){0,2}-\\*|[1-8](?:-\\d{2}){3})|permit:${PERMIT_ITEM}\\*?)$`,
      'u',
    ),
    'must be a code or a pattern like 4-10-*',
  );
/** A six-digit GB/T 2260 code, or a pattern: `51*`, `5101*`, `*`. */
export const regionPattern = z
  .string()
  .regex(/^(?:\*|\d{2}\*|\d{4}\*|\d{6})$/, 'must be a GB/T 2260 code or a pattern like 51*');
const knownLevel = z
  .strictObject({ framework: z.string().max(30), value: z.string().max(30) })
  .refine((level) => findLevel(level) !== undefined, {
    error: 'is not a level of a known framework',
    params: { code: 'STATEMENT_LEVEL_UNKNOWN' },
  });
const filled = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, 'must not be empty: an empty list grants nothing').max(2000);

const scopeShape = {
  kind: filled(z.enum(KIND_IDS)),
  occupation: filled(occupationPattern),
  level: filled(knownLevel),
  region: filled(regionPattern),
  standard: filled(certificateText(60)).optional(),
  candidates: z.enum(['public', 'own-employees', 'supply-chain']),
  quota: z.strictObject({ limit: z.int().min(1), per: z.enum(['year', 'month']) }).optional(),
};

/** Scope of an accreditation: what is left out is not granted, so only members a kind does not have may be missing. */
const accreditationScope = z
  .strictObject({
    ...scopeShape,
    occupation: scopeShape.occupation.optional(),
    level: scopeShape.level.optional(),
  })
  .superRefine((scope, context) => {
    const kinds = scope.kind.map((id) => certificateKind(id));
    if (!scope.occupation && kinds.some((kind) => kind.hasOccupation))
      context.addIssue({ code: 'custom', path: ['occupation'], message: 'is missing, so nothing is granted' });
    if (!scope.level && kinds.some((kind) => kind.frameworks.length > 0))
      context.addIssue({ code: 'custom', path: ['level'], message: 'is missing, so nothing is granted' });
  });

/** Scope of a recognition or denial: what is left out does not limit; an empty list would recognise nothing and is refused. */
const limitingScope = z.strictObject({
  kind: scopeShape.kind.optional(),
  occupation: scopeShape.occupation.optional(),
  level: scopeShape.level.optional(),
  region: scopeShape.region.optional(),
  standard: scopeShape.standard,
  institutions: z
    .strictObject({
      permittedKinds: filled(z.enum(INSTITUTION_KINDS)).optional(),
      excludedKinds: filled(z.enum(INSTITUTION_KINDS)).optional(),
      permitted: filled(webDid).optional(),
      excluded: filled(webDid).optional(),
    })
    .optional(),
});

const endsEarly = { code: 'STATEMENT_ENDS_BEFORE_BEGIN' };
const aboutItself = { code: 'STATEMENT_ABOUT_ITSELF' };
const ordered = (value: { validFrom: string; validUntil?: string | undefined }, context: z.RefinementCtx): void => {
  if (value.validUntil !== undefined && instant(value.validUntil) <= instant(value.validFrom))
    context.addIssue({ code: 'custom', path: ['validUntil'], message: 'ends before it begins', params: endsEarly });
};
const interval = { validFrom: dateTime, validUntil: dateTime.optional() };

const signingKey = z
  .strictObject({
    id: z.string().max(300),
    type: z.literal('Multikey'),
    publicKeyMultibase: z.string().regex(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/, 'must be an Ed25519 Multikey (z6Mk…)'),
    ...interval,
  })
  .superRefine(ordered);

const accreditedAction = z
  .strictObject({
    action: z.literal('issue'),
    ...interval,
    scope: accreditationScope,
    requireLogProof: z.boolean().optional(),
  })
  .superRefine(ordered);

const mappingSide = {
  framework: z.string().max(30),
  value: z.string().max(30),
  occupation: z
    .string()
    .regex(/^[1-8](?:-\d{2}){3}$/)
    .optional(),
  kind: z.enum(KIND_IDS).optional(),
};
const mappedPermit = {
  ...mappingSide,
  /** Code, or the item of a permit. */
  occupation: z
    .string()
    .regex(new RegExp(`^(?:[1-8](?:-\\d{2}){3}|${PERMIT_ITEM})$`, 'u'))
    .optional(),
};
const levelMapping = z.strictObject({
  from: z.strictObject(mappedPermit).refine((level) => isHolderLevel(level) || findLevel(level) !== undefined, {
    error: 'maps from a level that does not exist',
    params: { code: 'STATEMENT_LEVEL_UNKNOWN' },
  }),
  to: z.strictObject(mappingSide).refine((level) => findLevel(level) !== undefined, {
    error: 'maps to a level that does not exist',
    params: { code: 'STATEMENT_LEVEL_UNKNOWN' },
  }),
});

const recognisedAction = z
  .strictObject({
    action: z.enum(ACTIONS),
    ...interval,
    scope: limitingScope,
    certificateIssued: z.strictObject({ from: dateTime.optional(), until: dateTime.optional() }).optional(),
    expiryEffect: z.enum(['grandfather', 'lapse']).optional(),
    levelMapping: filled(levelMapping).optional(),
    treatment: filled(z.enum(TREATMENTS)).optional(),
    onward: z.strictObject({ maxDepth: z.int().min(0).max(8) }).optional(),
    requireLogProof: z.boolean().optional(),
  })
  .superRefine((action, context) => {
    ordered(action, context);
    const problem = (path: string, message: string, params?: { code: string }): void =>
      context.addIssue({ code: 'custom', path: [path], message, ...(params && { params }) });
    const issued = action.certificateIssued;
    if (issued?.from && issued.until && instant(issued.until) <= instant(issued.from))
      problem('certificateIssued', 'ends before it begins', endsEarly);
    if (!action.treatment) problem('treatment', 'is missing: say what a recognised certificate is worth');
    if (action.treatment && new Set(action.treatment).size < action.treatment.length)
      problem('treatment', 'repeats itself');
    if (action.action === 'recognize' && (action.onward?.maxDepth ?? 0) < 1)
      problem('onward', 'must allow a depth of at least 1 for action recognize');
    if (action.action !== 'recognize' && (action.onward?.maxDepth ?? 0) > 0)
      problem('onward', 'belongs to action recognize only');
    if (action.treatment?.includes('deemed-level') === true && !action.levelMapping)
      problem('levelMapping', 'is missing: a deemed level needs a mapping');
  });

const supersedes = z.array(statementId).min(1).max(50).optional();

const accreditation = z
  .strictObject({
    id: accreditationId,
    authority: webDid,
    institution: webDid,
    legalName: certificateText(60),
    institutionKind: z.enum(INSTITUTION_KINDS),
    institutionCode: z.string().regex(INSTITUTION_CODE, 'must be a 13-character institution code'),
    unifiedSocialCreditCode: unifiedSocialCreditCode.optional(),
    signingKeys: z.array(signingKey).min(1).max(64),
    actions: filled(accreditedAction),
    supersedes,
  })
  .superRefine((row, context) => {
    if (row.institution === row.authority)
      context.addIssue({
        code: 'custom',
        path: ['institution'],
        message: 'an authority cannot accredit itself',
        params: aboutItself,
      });
    for (const [i, key] of row.signingKeys.entries())
      if (!key.id.startsWith(`${row.institution}#`))
        context.addIssue({
          code: 'custom',
          path: ['signingKeys', i, 'id'],
          message: 'is not a key of the institution',
        });
    if (new Set(row.signingKeys.map((key) => key.id)).size < row.signingKeys.length)
      context.addIssue({ code: 'custom', path: ['signingKeys'], message: 'names a key twice' });
    citesItself(row, context);
  });

const recognition = z
  .strictObject({
    id: urn('recognition'),
    authority: webDid,
    subject: webDid,
    legalName: certificateText(60),
    homeAuthority: webDid.optional(),
    registryRoot: z.strictObject({ version: z.int().min(1), digestMultibase: digestMultibaseSchema }).optional(),
    actions: filled(recognisedAction),
    memorandum: z
      .strictObject({
        id: z
          .string()
          .max(200)
          .regex(/^urn:[a-z0-9-]+:[A-Za-z0-9:._%-]+$/, 'must be a urn'),
        name: certificateText(120),
        digestMultibase: digestMultibaseSchema.optional(),
        party: z.array(webDid).min(2).max(64),
      })
      .optional(),
    supersedes,
  })
  .superRefine((row, context) => {
    const problem = (path: string, message: string, params?: { code: string }): void =>
      context.addIssue({ code: 'custom', path: [path], message, ...(params && { params }) });
    if (row.subject === row.authority || row.homeAuthority === row.authority)
      problem('subject', 'an authority cannot recognise itself', aboutItself);
    if (row.homeAuthority === row.subject) problem('homeAuthority', 'is the subject itself', aboutItself);
    if (row.homeAuthority !== undefined && row.actions.some((action) => action.action !== 'issue'))
      problem('actions', 'a single institution can be recognised to issue only');
    if (row.memorandum && !row.memorandum.party.includes(row.authority))
      problem('memorandum', 'does not name the recognising authority as a party');
    citesItself(row, context);
  });

const event = z
  .strictObject({
    id: urn('event'),
    authority: webDid,
    about: webDid,
    event: z.enum(['suspend', 'withdraw', 'key-revoked', 'statement-revoked', 'deny']),
    cause: z.enum(['administrative', 'integrity']),
    effectiveFrom: dateTime,
    effectiveUntil: dateTime.optional(),
    voidsIssuedSince: dateTime.optional(),
    keyId: z.string().max(300).optional(),
    reason: z.enum(['superseded', 'compromised']).optional(),
    compromisedSince: dateTime.optional(),
    statement: statementId.optional(),
    scope: limitingScope.optional(),
  })
  .superRefine((row, context) => {
    const problem = (path: string, message: string, params?: { code: string }): void =>
      context.addIssue({ code: 'custom', path: [path], message, ...(params && { params }) });
    const only = (member: keyof typeof row, ...events: string[]): void => {
      if (row[member] !== undefined && !events.includes(row.event))
        problem(member, `does not belong to a ${row.event}`);
    };
    if (row.about === row.authority) problem('about', 'an authority cannot speak about itself', aboutItself);
    if (row.effectiveUntil !== undefined && instant(row.effectiveUntil) <= instant(row.effectiveFrom))
      problem('effectiveUntil', 'ends before it begins', endsEarly);
    if (row.voidsIssuedSince !== undefined && instant(row.voidsIssuedSince) > instant(row.effectiveFrom))
      problem('voidsIssuedSince', 'lies after the event takes effect');
    if (row.event === 'key-revoked' && (row.keyId === undefined || row.reason === undefined))
      problem('keyId', 'a key-revoked event names the key and the reason');
    if (row.keyId !== undefined && !row.keyId.startsWith(`${row.about}#`))
      problem('keyId', 'is not a key of the subject');
    if (row.compromisedSince !== undefined && row.reason !== 'compromised')
      problem('compromisedSince', 'belongs to a compromised key');
    if (row.event === 'statement-revoked' && row.statement === undefined) problem('statement', 'is missing');
    only('effectiveUntil', 'suspend', 'deny');
    only('voidsIssuedSince', 'suspend', 'withdraw');
    only('keyId', 'key-revoked');
    only('reason', 'key-revoked');
    only('compromisedSince', 'key-revoked');
    only('statement', 'statement-revoked');
    only('scope', 'deny');
  });

const review = z
  .strictObject({
    id: urn('review'),
    authority: webDid,
    about: webDid,
    criteria: certificateText(120),
    result: z.enum(['pass', 'concern', 'fail']),
    evidenceDigestMultibase: digestMultibaseSchema.optional(),
    ...interval,
  })
  .superRefine(ordered);

const supplyChain = z
  .strictObject({
    id: urn('supply-chain'),
    authority: webDid,
    chainLeader: webDid,
    supplier: z.strictObject({ uscc: unifiedSocialCreditCode, name: certificateText(60) }),
    agreement: z.string().min(1).max(40),
    ...interval,
    scope: limitingScope.pick({ occupation: true, level: true }).optional(),
  })
  .superRefine(ordered);

/** Closed schema of each kind of statement (TRUST §2.2). */
export const STATEMENT_SCHEMAS = { accreditation, recognition, event, review, 'supply-chain': supplyChain } as const;

/**
 * Parses a statement and refuses one that says something impossible: ends before it begins, recognises its own maker, maps to
 * a level that does not exist, supersedes itself, grants nothing, names another's key.
 * @throws YizhengError `STATEMENT_INVALID` naming the first wrong member by JSON pointer
 */
export function parseStatement<K extends StatementKind>(kind: K, input: unknown): StatementTypes[K] {
  const parsed = STATEMENT_SCHEMAS[kind].safeParse(input);
  if (!parsed.success) throw schemaError('STATEMENT_INVALID', parsed.error);
  return parsed.data as unknown as StatementTypes[K];
}

/**
 * Name of what is impossible about an input, where it has one of its own: `STATEMENT_ENDS_BEFORE_BEGIN`, `STATEMENT_ABOUT_ITSELF`,
 * `STATEMENT_SUPERSEDES_ITSELF`, `STATEMENT_LEVEL_UNKNOWN`; else `STATEMENT_INVALID`, and undefined for a statement that parses.
 */
export function statementProblem(kind: StatementKind, input: unknown): string | undefined {
  const issue = STATEMENT_SCHEMAS[kind].safeParse(input).error?.issues[0];
  if (!issue) return undefined;
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? code : 'STATEMENT_INVALID';
}

function citesItself(row: { id: string; supersedes?: string[] | undefined }, context: z.RefinementCtx): void {
  if (row.supersedes?.includes(row.id) === true)
    context.addIssue({
      code: 'custom',
      path: ['supersedes'],
      message: 'a statement cannot supersede itself',
      params: { code: 'STATEMENT_SUPERSEDES_ITSELF' },
    });
}
