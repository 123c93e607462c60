import { readFile, stat } from 'node:fs/promises';
import { readPemSigner } from '../../keys/pem-signer.js';
import { isPrivateMode } from '../../keys/secret-file.js';
import { checkIdentityProvider, type IdentityProviderSettings } from '../../server/accounts/index.js';
import { YizhengError } from '../../shared/errors.js';
import { isLocal } from './open-service.js';
import { flagOf, variableOf, type Settings } from './settings.js';

/** What an ID token may be signed with unless the operator says: what providers use, without the old RSA padding where it can be helped. */
const ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'RS256'];

/**
 * The OpenID Connect provider of the settings, with its secret or key read from a file only its owner may read. To be called first: what is wrong
 * is said before keystore and database are touched.
 * @returns undefined when nothing of one is set
 * @throws YizhengError `SETTING_MISSING`, `SETTING_INVALID`, `OIDC_SECRET_FILE`, `KEY_FILE`, `OIDC_CONFIGURATION`
 */
export async function identityProviderOf(
  settings: Pick<Settings<'registry'>, OidcSetting | 'baseUrl'>,
): Promise<IdentityProviderSettings | undefined> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcName: name, oidcNameEn: nameEn } = settings;
  const { oidcClientSecretFile: secretFile, oidcClientKeyFile: keyFile, oidcClientKeyId: keyId } = settings;
  if (SETTINGS.every((setting) => settings[setting] === undefined)) return undefined;
  if (issuer === undefined || clientId === undefined || name === undefined || nameEn === undefined) {
    const missing = REQUIRED.filter((setting) => settings[setting] === undefined)
      .map(both)
      .join(', ');
    throw new YizhengError('SETTING_MISSING', `These settings are missing: ${missing}.`, { at: missing });
  }
  if ((secretFile === undefined) === (keyFile === undefined)) {
    const at = `${both('oidcClientSecretFile')}, ${both('oidcClientKeyFile')}`;
    throw new YizhengError('SETTING_INVALID', `${at}: give one of the two.`, { at });
  }
  const found: IdentityProviderSettings = {
    issuer,
    clientId,
    credential:
      keyFile === undefined
        ? { secret: await readSecret(secretFile ?? '') }
        : { signer: await readPemSigner(keyFile, 'oidc-client'), ...(keyId !== undefined && { keyId }) },
    name: { 'zh-CN': name, en: nameEn },
    algorithms: settings.oidcAlgorithms ?? ALGORITHMS,
    secondFactor: { acr: settings.oidcAcr ?? [], amr: settings.oidcAmr ?? [] },
  };
  checkIdentityProvider(found, isLocal(settings.baseUrl));
  return found;
}

type OidcSetting = Extract<keyof Settings<'registry'>, `oidc${string}`>;

const REQUIRED = ['oidcIssuer', 'oidcClientId', 'oidcName', 'oidcNameEn'] as const satisfies readonly OidcSetting[];
const SETTINGS: readonly OidcSetting[] = [
  ...REQUIRED,
  'oidcClientSecretFile',
  'oidcClientKeyFile',
  'oidcClientKeyId',
  'oidcAlgorithms',
  'oidcAcr',
  'oidcAmr',
];

async function readSecret(file: string): Promise<string> {
  try {
    if (isPrivateMode((await stat(file)).mode)) return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new YizhengError('OIDC_SECRET_FILE', `The file ${file} cannot be read.`, { at: file, cause });
  }
  throw new YizhengError('OIDC_SECRET_FILE', `Others can read ${file}: run chmod 600 ${file}.`, { at: file });
}

function both(setting: OidcSetting): string {
  return `${flagOf(setting)} / ${variableOf(setting)}`;
}
