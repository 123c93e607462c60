import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaError } from '../../shared/certificate/record.js';
import { YizhengError } from '../../shared/errors.js';
import { BUNDLE_LIMITS, parseJsonObject } from '../../shared/json/parse-json.js';
import type { FactConfidence } from '../../shared/trust/sourced.js';
import { parseStatement } from '../../shared/trust/statement-schema.js';
import type { StatementKind, StatementTypes } from '../../shared/trust/types.js';
import { demoFileSchema, STATEMENT_TYPES, TABLE_PARSERS, type DemoFact, type DemoTables } from './demo-fact.js';

/** A parsed statement with where it comes from. */
export type DemoStatement = {
  [K in StatementKind]: {
    kind: K;
    value: StatementTypes[K];
    mechanism: string;
    source: string;
    confidence: FactConfidence;
  };
}[StatementKind];

/** Everything the demo files say. */
export interface DemoData {
  /** Ready to be published or put into a view. Rows that are off are not here. */
  statements: DemoStatement[];
  /** Table rows by type. Rows that are off are here, and off: the functions that use them say `unverified`. */
  tables: { [T in keyof DemoTables]: DemoTables[T][] };
  /** Every row as written, those that are off too, with the file and mechanism it stands in. */
  facts: (DemoFact & { file: string; mechanism: string })[];
}

/** What the files leave open. */
export interface LoadOptions {
  /** Multikey (`z6Mk…`) of an institution's verification method: the files name keys and hold none. */
  publicKeyOf(verificationMethod: string): string;
  /** Replaces the `did:web:….example` of the files, e.g. by DIDs of services that run; called with each DID without fragment. */
  didOf?(did: string): string;
  /** Registry root a recogniser pins for an authority, after {@link didOf}; left out, statements pin none. */
  registryRootOf?(authority: string): { version: number; digestMultibase: string } | undefined;
}

/** Folder of the files, from the project root. */
export const DEMO_DATA_FOLDER = 'registry/demo-data';

/**
 * Loads the demo data set: every real mechanism as statements and tables a person can open and read (DOMAIN §1, §6, §7).
 * @param folder folder with the `*.json` files, e.g. {@link DEMO_DATA_FOLDER}
 * @throws YizhengError `DEMO_FACT_INVALID`, `STATEMENT_INVALID`, `APPLICATION_RULE_INVALID` and other parse errors, `at` file and row
 */
export async function loadDemoStatements(folder: string, options: LoadOptions): Promise<DemoData> {
  const data: DemoData = {
    statements: [],
    tables: {
      authority: [],
      agreement: [],
      specification: [],
      'application-rule': [],
      'issuing-regions': [],
      'assessable-levels': [],
      'level-equivalence': [],
      'title-crosswalk': [],
      'competition-award': [],
      'agreed-standards': [],
    },
    facts: [],
  };
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  for (const file of files) {
    const parsed = demoFileSchema.safeParse(parseJsonObject(await readFile(join(folder, file)), BUNDLE_LIMITS));
    if (!parsed.success) throw located(schemaError('DEMO_FACT_INVALID', parsed.error), file);
    const { mechanism, facts } = parsed.data;
    for (const [i, written] of facts.entries()) {
      const fact = { ...written, value: renamed(written.value, options) as Record<string, unknown> };
      data.facts.push({ ...fact, file, mechanism });
      try {
        add(data, fact, mechanism, options);
      } catch (error) {
        throw located(error, `${file}, fact ${i + 1}`);
      }
    }
  }
  return data;
}

function add(data: DemoData, fact: DemoFact, mechanism: string, options: LoadOptions): void {
  const { type, source, confidence } = fact;
  const kind = STATEMENT_TYPES.find((item) => item === type);
  if (kind) {
    if (!fact.enabled) return;
    const value = parseStatement(kind, completed(kind, fact.value, options));
    data.statements.push({ kind, value, mechanism, source, confidence } as DemoStatement);
  } else addRow(data, type as keyof DemoTables, fact);
}

function addRow(data: DemoData, type: keyof DemoTables, fact: DemoFact): void {
  const { enabled, unverified, source, confidence } = fact;
  const sourced = { enabled, source, confidence, ...(unverified !== undefined && { unverified }) };
  const plain = type === 'authority' || type === 'agreement' || type === 'specification';
  const rows: unknown[] = data.tables[type];
  rows.push(TABLE_PARSERS[type](plain ? fact.value : { ...fact.value, ...sourced }));
}

/** Adds what the files cannot hold: public keys and pinned roots. */
function completed(kind: StatementKind, value: Record<string, unknown>, options: LoadOptions): unknown {
  if (kind === 'accreditation' && Array.isArray(value['signingKeys']))
    return {
      ...value,
      signingKeys: value['signingKeys'].map((key: { id: string }) => ({
        ...key,
        publicKeyMultibase: options.publicKeyOf(key.id),
      })),
    };
  if (kind === 'recognition') {
    const registryRoot = options.registryRootOf?.(String(value['homeAuthority'] ?? value['subject']));
    return { ...value, ...(registryRoot && { registryRoot }) };
  }
  return value;
}

function renamed(value: unknown, options: LoadOptions): unknown {
  if (typeof value === 'string') {
    if (!options.didOf || !value.startsWith('did:web:')) return value;
    const [did = '', fragment] = value.split('#', 2);
    return fragment === undefined ? options.didOf(did) : `${options.didOf(did)}#${fragment}`;
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, options));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, options)]));
}

function located(error: unknown, place: string): unknown {
  if (!(error instanceof YizhengError)) return error;
  return new YizhengError(error.code, `${place}: ${error.message}`, {
    at: place,
    status: error.status,
    cause: error,
  });
}
