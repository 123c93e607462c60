import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { isPrivateMode } from '../../keys/secret-file.js';
import { YizhengError } from '../../shared/errors.js';
import type { Call, CliContext } from '../context.js';
import { serviceUrlOption } from '../option-schemas.js';
import { TOKEN_SETTINGS } from './open-token.js';

const port = z.coerce.number().int().min(1).max(65_535);

/** Where a service finds its database; the address may hold a password, so it is no argument. */
const database = { databaseUrl: z.string().optional(), databaseUrlFile: z.string().optional() };

const keystore = {
  keystore: z.string(),
  passphraseFile: z.string().optional(),
  passphraseFd: z.coerce.number().int().min(0).optional(),
  init: z.boolean().optional(),
};

/** Of services that sign certificates or registries: their keys may lie on a token. */
const signing = { ...keystore, ...TOKEN_SETTINGS };

const http = {
  host: z.string().default('127.0.0.1'),
  trustedProxies: z.coerce.number().int().min(0).max(10).default(0),
  requestsPerMinute: z.coerce.number().int().min(1).default(600),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
};

const words = z.string().transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''));

/** The OpenID Connect provider of people who sign in; all of it is read by `identityProviderOf`. */
const identityProvider = {
  oidcIssuer: z.string().optional(),
  oidcClientId: z.string().optional(),
  oidcClientSecretFile: z.string().optional(),
  oidcClientKeyFile: z.string().optional(),
  oidcClientKeyId: z.string().optional(),
  oidcName: z.string().optional(),
  oidcNameEn: z.string().optional(),
  oidcAlgorithms: words.optional(),
  oidcAcr: words.optional(),
  oidcAmr: words.optional(),
};

/** Settings of each service; a member comes from its flag, or else from its environment variable. */
export const SERVICE_SETTINGS = {
  issuer: z.object({
    baseUrl: serviceUrlOption,
    verifierUrl: serviceUrlOption.transform((url) => `${url}/`),
    walletUrl: serviceUrlOption.transform((url) => `${url}/`).optional(),
    port: port.default(8701),
    ...identityProvider,
    ...database,
    ...signing,
    ...http,
  }),
  'issuer-worker': z.object({
    baseUrl: serviceUrlOption,
    verifierUrl: serviceUrlOption.transform((url) => `${url}/`),
    threads: z.coerce.number().int().min(1).max(256).optional(),
    ...database,
    ...signing,
    logLevel: http.logLevel,
  }),
  registry: z.object({
    baseUrl: serviceUrlOption,
    port: port.default(8702),
    ...identityProvider,
    ...database,
    ...signing,
    ...http,
  }),
  verifier: z.object({
    baseUrl: serviceUrlOption,
    anchors: z.string(),
    data: z.string(),
    refreshMinutes: z.coerce.number().min(1).max(1440).default(10),
    asking: z.enum(['guests', 'keys', 'off']).default('guests'),
    walletUrl: serviceUrlOption.optional(),
    name: z.string().min(1).max(60).optional(),
    requestCertificate: z.string().optional(),
    requestKey: z.string().optional(),
    port: port.default(8703),
    ...database,
    ...keystore,
    keystore: z.string().optional(),
    ...http,
  }),
  wallet: z.object({
    verifierUrl: serviceUrlOption.transform((url) => `${url}/`),
    port: port.default(8704),
    ...http,
  }),
  'status-export': z.object({
    baseUrl: serviceUrlOption,
    out: z.string(),
    ...database,
    ...signing,
    logLevel: http.logLevel,
  }),
  tenant: z.object({ baseUrl: serviceUrlOption, ...database, ...signing, logLevel: http.logLevel }),
  'admin-key': z.object({ out: z.string(), label: z.string().min(1).max(100).default('admin'), days: z.coerce.number().int().min(1).max(3650).default(90), ...database }), // prettier-ignore
} as const;

/** What a service is started as. */
export type ServiceName = keyof typeof SERVICE_SETTINGS;

/** Settings of one service, checked. */
export type Settings<N extends ServiceName> = z.infer<(typeof SERVICE_SETTINGS)[N]>;

/** The environment variable of a setting, e.g. `YIZHENG_BASE_URL`; the database's has the name every host uses. */
export function variableOf(setting: string): string {
  const name = setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return name.startsWith('DATABASE_URL') ? name : `YIZHENG_${name}`;
}

/** The flag of a setting, e.g. `--base-url`. */
export function flagOf(setting: string): string {
  return `--${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Reads the settings of a service, flags before environment.
 * @throws YizhengError `SETTING_MISSING` naming every one that is missing, `SETTING_INVALID` naming the first that is wrong
 */
export function readSettings<N extends ServiceName>(
  service: N,
  call: Pick<Call, 'options'>,
  { environment }: Pick<CliContext, 'environment'>,
): Settings<N> {
  const schema: z.ZodObject = SERVICE_SETTINGS[service];
  const flags = call.options(z.record(z.string(), z.unknown()));
  const given: Record<string, unknown> = {};
  for (const setting of Object.keys(schema.shape)) {
    const flag = setting === 'databaseUrl' ? undefined : flags[setting];
    const variable = setting === 'init' ? undefined : environment[variableOf(setting)];
    given[setting] = flag ?? (variable === '' ? undefined : variable);
  }
  const parsed = schema.safeParse(given);
  const missing = (parsed.error?.issues ?? []).filter(({ path }) => given[String(path[0])] === undefined);
  const names = missing.map(({ path }) => both(String(path[0])));
  const isVerifier = service === 'verifier';
  if (
    !isVerifier &&
    'databaseUrl' in schema.shape &&
    given['databaseUrl'] === undefined &&
    given['databaseUrlFile'] === undefined
  )
    names.push(`${variableOf('databaseUrl')} / --database-url-file`);
  const hasKeystore = 'passphraseFile' in schema.shape && (!isVerifier || given['keystore'] !== undefined);
  if (hasKeystore && given['passphraseFile'] === undefined && given['passphraseFd'] === undefined)
    names.push(both('passphraseFile'));
  if (names.length > 0)
    throw new YizhengError('SETTING_MISSING', `These settings are missing: ${names.join(', ')}.`, {
      at: names.join(', '),
    });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = both(String(issue?.path[0] ?? ''));
    throw new YizhengError('SETTING_INVALID', `${at}: ${issue?.message ?? 'is invalid'}.`, { at });
  }
  return parsed.data as Settings<N>;
}

function both(setting: string): string {
  return `${flagOf(setting)} / ${variableOf(setting)}`;
}

/**
 * The address of the database, from the environment or from a file only its owner may read.
 * @throws YizhengError `DATABASE_URL_FILE`
 */
export async function databaseUrlOf(settings: {
  databaseUrl?: string | undefined;
  databaseUrlFile?: string | undefined;
}): Promise<string> {
  const { databaseUrl, databaseUrlFile: file } = settings;
  if (file === undefined) return databaseUrl ?? '';
  try {
    if (isPrivateMode((await stat(file)).mode)) return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new YizhengError('DATABASE_URL_FILE', `The file ${file} cannot be read.`, { at: file, cause });
  }
  throw new YizhengError('DATABASE_URL_FILE', `Others can read ${file}: run chmod 600 ${file}.`, { at: file });
}
