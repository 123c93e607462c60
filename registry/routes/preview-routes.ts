import { z } from 'zod';
import { defineRoute, type ServiceApp } from '../../server/index.js';
import { YizhengError } from '../../shared/errors.js';
import { PREVIEW_CHANGES, type PreviewRow } from '../../shared/trust/preview/types.js';
import { dateTime } from '../../shared/trust/statement-schema.js';
import { isStatementChange, type StatementChange } from '../change.js';
import type { ShownPreview } from '../previews.js';
import type { RegistryService } from '../service.js';
import { accreditationInputSchema, eventInputSchema, recognitionInputSchema } from '../statement-input.js';
import { prepareEvent } from '../statements.js';
import { anyObject, authorityParams } from './params.js';
import { PROPOSAL_ID } from './proposal-routes.js';

const at = dateTime.optional();
const bodySchema = z
  .strictObject({
    accredit: accreditationInputSchema.optional(),
    signingKeys: z.strictObject({ id: z.string().max(200) }).optional(),
    recognise: recognitionInputSchema.optional(),
    event: eventInputSchema.optional(),
    proposal: PROPOSAL_ID.optional(),
    at,
  })
  .refine(({ at: _, ...changes }) => Object.values(changes).filter((one) => one !== undefined).length === 1, {
    message: 'name exactly one change: accredit, signingKeys, recognise, event or proposal',
  })
  .meta({ id: 'PreviewRequest' });

const named = z.strictObject({ id: z.string(), name: z.string() });
const count = z.int().min(0);
const standing = z.strictObject({
  outcome: z.enum(['recognised', 'recognised-with-conditions', 'not-recognised', 'undetermined']),
  as: anyObject.optional(),
  treatment: z.array(z.string()),
  obligations: z.array(z.string()),
  entitlements: z.array(anyObject),
  reasons: z.array(z.strictObject({ code: z.string(), ref: z.string().optional() })),
  path: z.array(z.string()),
  mutual: z.boolean(),
});
const certificates = z
  .strictObject({ count: z.int().nullable() })
  .meta({ description: 'How many certificates; null: not known here' });
const total = z.strictObject({ rows: count, institutions: count, certificates: z.int().nullable() });
const previewSchema = z
  .strictObject({
    statement: anyObject.meta({ description: 'As it would be said; a new one gets another id' }),
    before: anyObject.nullable().meta({ description: 'What it replaces, revokes or updates' }),
    at: z.string().meta({ description: 'The instant that was looked at' }),
    moments: z.array(z.string()),
    needsSecondPerson: z.boolean(),
    root: z.strictObject({ version: z.int(), digestMultibase: z.string() }).optional(),
    leadTime: z
      .strictObject({ earliest: z.string(), takesAway: z.array(z.string()), from: z.string(), at: z.string() })
      .optional(),
    rows: z.array(
      z.strictObject({
        home: named,
        institutions: z.strictObject({ count, examples: z.array(named) }),
        kind: z.string(),
        occupation: z.string().optional(),
        occupationExcept: z.array(z.string()).optional(),
        level: z.strictObject({ framework: z.string(), value: z.string() }).optional(),
        region: z.array(z.string()),
        regionExcept: z.array(z.string()).optional(),
        standard: z.string().optional(),
        key: z.string().optional(),
        issued: z.strictObject({ from: z.string(), until: z.string().optional() }),
        before: standing,
        after: standing,
        change: z.enum(PREVIEW_CHANGES),
        certificates,
        quota: z.strictObject({ limit: z.int(), per: z.enum(['year', 'month']) }).optional(),
      }),
    ),
    rowsLeftOut: count,
    unchanged: z.strictObject({ rows: count }),
    judged: count,
    notJudged: count,
    totals: z.record(z.enum(PREVIEW_CHANGES), total),
    paths: z.strictObject({ opened: z.array(z.array(named)), closed: z.array(z.array(named)) }),
    conflicts: z.array(
      z.strictObject({
        event: z.string(),
        type: z.enum(['deny', 'suspend', 'withdraw']),
        about: named,
        from: z.string(),
        until: z.string().optional(),
      }),
    ),
    data: z.array(
      z.strictObject({
        authority: named,
        source: z.enum(['own', 'held', 'fetched', 'missing']),
        asOf: z.string().optional(),
        age: z.enum(['fresh', 'grace', 'stale']).optional(),
        problem: z.string().optional(),
      }),
    ),
    unpublished: count,
  })
  .meta({ id: 'Preview' });

/** Institutions named in a row; the others are counted. */
const MOST_EXAMPLES = 5;

/** What a change would do to verdicts, before anybody makes it. */
export function previewRoutes(app: ServiceApp, service: RegistryService): void {
  defineRoute(app, {
    method: 'post',
    path: '/authorities/:slug/previews',
    summary: 'Which verdicts a change would change; nothing is stored',
    access: ['officer', 'approver', 'auditor'],
    tenantParam: 'slug',
    params: authorityParams,
    body: bodySchema,
    responses: { 200: { description: 'What would change', schema: previewSchema } },
    handler: async ({ params: { slug }, body }) => ({
      body: shown(await service.previews.preview(slug, () => changeOf(service, slug, body), body.at)),
    }),
  });
}

async function changeOf(
  { statements, proposals }: RegistryService,
  slug: string,
  { accredit, signingKeys, recognise, event, proposal }: z.infer<typeof bodySchema>,
): Promise<StatementChange> {
  if (accredit) return statements.prepareAccreditation(slug, accredit);
  if (signingKeys) return statements.prepareSigningKeys(slug, signingKeys.id);
  if (recognise) return statements.prepareRecognition(slug, recognise);
  if (event) return prepareEvent(event);
  const change = await proposals.changeOf(slug, proposal ?? '');
  if (isStatementChange(change)) return change;
  throw new YizhengError(
    'PREVIEW_NOT_APPLICABLE',
    'This changes no verdict: it is about keys of the registry or its rules.',
    {
      status: 422,
      at: '/proposal',
    },
  );
}

function shown(preview: ShownPreview): z.infer<typeof previewSchema> {
  const { view, statement, cited, rows, unchanged, totals, paths, conflicts, data, at: when } = preview;
  const institution = (id: string) => ({ id, name: view.institutionName(id) ?? view.authorityName(id) ?? id });
  const authority = (id: string) => ({ id, name: view.authorityName(id) ?? view.institutionName(id) ?? id });
  const { moments, needsSecondPerson, leadTime, rowsLeftOut, judged, notJudged, unpublished } = preview;
  return {
    statement: { ...statement },
    before: cited[0] ? { ...cited[0] } : null,
    at: when,
    moments,
    needsSecondPerson,
    ...('registryRoot' in statement && { root: statement.registryRoot }),
    ...(leadTime && { leadTime }),
    rows: rows.map(({ home, institutions, quota, ...row }) => ({
      ...row,
      before: plain(row.before),
      after: plain(row.after),
      home: authority(home),
      institutions: { count: institutions.length, examples: institutions.slice(0, MOST_EXAMPLES).map(institution) },
      certificates: UNKNOWN,
      ...(quota && { quota }),
    })),
    rowsLeftOut,
    unchanged: { rows: unchanged },
    judged,
    notJudged,
    totals: shownTotals(totals),
    paths: {
      opened: paths.opened.map((path) => path.map(authority)),
      closed: paths.closed.map((path) => path.map(authority)),
    },
    conflicts: conflicts.map(({ id, event, about, effectiveFrom, effectiveUntil }) => ({
      event: id,
      type: event as 'deny' | 'suspend' | 'withdraw',
      about: institution(about),
      from: effectiveFrom,
      ...(effectiveUntil !== undefined && { until: effectiveUntil }),
    })),
    data: data.map(({ authority: did, source, content, problem }) => {
      const age = view.freshness(did, when);
      return {
        authority: authority(did),
        source,
        ...(content && { asOf: content.issuedAt }),
        ...(age && { age }),
        ...(problem !== undefined && { problem }),
      };
    }),
    unpublished,
  };
}

/** Feeds name institutions, never how many certificates they issued. */
const UNKNOWN = { count: null };

function plain(standing_: PreviewRow['before']): z.infer<typeof standing> {
  const { as, entitlements, ...rest } = standing_;
  return { ...rest, ...(as && { as: { ...as } }), entitlements: entitlements.map((one) => ({ ...one })) };
}

function shownTotals(totals: ShownPreview['totals']): z.infer<typeof previewSchema>['totals'] {
  const shownOnes = PREVIEW_CHANGES.map((change) => {
    const { rows, institutions } = totals[change];
    return [change, { rows, institutions, certificates: rows === 0 ? 0 : null }] as const;
  });
  return Object.fromEntries(shownOnes) as z.infer<typeof previewSchema>['totals'];
}
