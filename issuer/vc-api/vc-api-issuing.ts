import { createHash } from 'node:crypto';
import { appendAudit } from '../../server/index.js';
import { CERTIFICATE_1_1_CONTEXT_URL } from '../../shared/certificate/context-1-1.js';
import { claimsToBeCertificate } from '../../shared/certificate/credential.js';
import { decodeMultikey } from '../../shared/did/multikey.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../shared/json/parse-json.js';
import { checkCredentialModel } from '../../shared/proof/data-model/check-credential-model.js';
import { readProofs } from '../../shared/proof/data-integrity/proof-schema.js';
import { signDocument } from '../../shared/proof/data-integrity/sign-document.js';
import { verifyProof } from '../../shared/proof/data-integrity/verify-proof.js';
import { withProofContext } from '../../shared/proof/data-integrity/with-proof-context.js';
import type { IssuerEffects } from '../effects.js';
import { wholeSecond } from '../time.js';
import { checkIssuer } from './check-issuer.js';
import type { VcApiStatuses } from './statuses.js';
import type { VcApiTenant } from './tenants.js';

/** Issues whatever keeps the VC Data Model, in the name of a VC-API tenant. */
export class VcApiIssuing {
  constructor(
    private readonly effects: IssuerEffects,
    private readonly statuses: VcApiStatuses,
  ) {}

  /**
   * Signs a credential as it was written: nothing is changed but the context of the proof and status entries, where the tenant has any.
   * A certificate of ours is refused: those are issued by institutions under the rules of their accreditation, never around them.
   * @param credential VC 2.0 or 1.1, without proof; it may be expired already
   * @param options `credentialId`: name for later changes of its status, `credential.id` unless given
   * @param actor key id of the caller
   * @returns the signed credential
   * @throws YizhengError 400: `ISSUER_MISSING`, `ISSUER_INVALID`, `ISSUER_MISMATCH`, `PROOF_EXISTS`, `CREDENTIAL_ID_MISSING`,
   *   `CREDENTIAL_VERSION` (status entries need VC 2.0); 403: `CERTIFICATE_KIND_FORBIDDEN`; 422: codes of `checkCredentialModel`;
   *   503: `SIGNER_FAILED`, `SIGNATURE_REJECTED`, `STORAGE_*`
   */
  async issue(
    tenant: VcApiTenant,
    credential: object,
    options: { credentialId?: string | undefined },
    actor: string,
  ): Promise<JsonObject> {
    const written = parseJsonObject(JSON.stringify(credential));
    checkIssuer(written['issuer'], tenant.did);
    refuseOurKinds(written);
    if ('proof' in written)
      throw new YizhengError('PROOF_EXISTS', 'The credential has a proof already.', { at: '/credential/proof' });
    const withContext = withProofContext(written, tenant.cryptosuite);
    const { version } = await checkCredentialModel(withContext);
    const { keystore, database, clock } = this.effects;
    await keystore.refresh();
    const key = keystore.activeKey(tenant.did, 'vc-api');
    const now = clock();
    const created = wholeSecond(now);
    const unsigned = await database.write(async (transaction) => {
      const entries =
        tenant.statusPurposes.length === 0
          ? []
          : await this.statuses.reserve(transaction, tenant, statusName(written, options.credentialId, version));
      const complete = withStatus(withContext, entries);
      const sha256 = createHash('sha256').update(JSON.stringify(complete)).digest('hex');
      const detail = { key: key.id, cryptosuite: tenant.cryptosuite, created, sha256 };
      await appendAudit(
        transaction,
        { tenant: tenant.name, actor, action: 'vc-api.issue', subject: tenant.did, detail },
        now,
      );
      return complete;
    });
    const signed = await this.sign(unsigned, tenant, key.id, created);
    const [proof] = readProofs(signed);
    const check = proof && (await verifyProof(signed, proof, decodeMultikey(key.publicKeyMultibase)));
    if (check?.answer !== 'pass')
      throw new YizhengError('SIGNATURE_REJECTED', 'The signer gave a wrong signature; nothing was issued.', {
        status: 503,
      });
    return signed;
  }

  private async sign(
    unsigned: JsonObject,
    { cryptosuite: suite }: VcApiTenant,
    keyId: string,
    created: string,
  ): Promise<JsonObject> {
    try {
      return await signDocument(unsigned, { suite, signer: this.effects.keystore.signer(keyId), created });
    } catch (cause) {
      if (errorCode(cause) === 'KEY_NOT_ACTIVE') throw cause;
      throw new YizhengError('SIGNER_FAILED', 'The signer did not sign; nothing was issued.', { status: 503, cause });
    }
  }
}

/** Lists are made and signed by the service from what it stores; one a client wrote would say what was never decided. */
const STATUS_LISTS = /(?:BitstringStatusList|StatusList2021)/;

function refuseOurKinds(credential: JsonObject): void {
  const subjects = [credential['credentialSubject'] ?? []].flat();
  const types = [credential['type'], ...subjects.map((one) => (isJsonObject(one) ? one['type'] : undefined))].flat();
  if (types.some((type) => typeof type === 'string' && STATUS_LISTS.test(type)))
    throw new YizhengError('STATUS_LIST_FORBIDDEN', 'Status lists are made by the service, not by its clients.', {
      status: 403,
      at: '/credential/type',
    });
  const contexts = [credential['@context'] ?? []].flat();
  if (claimsToBeCertificate(credential) || contexts.includes(CERTIFICATE_1_1_CONTEXT_URL))
    throw new YizhengError(
      'CERTIFICATE_KIND_FORBIDDEN',
      'Certificates of these kinds are issued by accredited institutions only; use the path of the institution.',
      { status: 403, at: '/credential/type' },
    );
}

function statusName(credential: JsonObject, credentialId: string | undefined, version: string): string {
  if (version !== '2.0')
    throw new YizhengError('CREDENTIAL_VERSION', 'Status entries are added to VC 2.0 credentials only.', {
      at: '/credential/@context',
    });
  const name = credentialId ?? credential['id'];
  if (typeof name !== 'string' || name.length > 400)
    throw new YizhengError(
      'CREDENTIAL_ID_MISSING',
      'A credential whose status may change needs an id, or options.credentialId, of at most 400 characters.',
      { at: '/credential/id' },
    );
  return name;
}

function withStatus(credential: JsonObject, entries: readonly JsonObject[]): JsonObject {
  const given = [credential['credentialStatus'] ?? []].flat();
  const all = [...given, ...entries];
  const [only, ...others] = all;
  if (entries.length === 0 || only === undefined) return credential;
  return { ...credential, credentialStatus: others.length === 0 ? only : all };
}
