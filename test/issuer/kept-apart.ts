import { createHash } from 'node:crypto';
import type { CertificateRow } from '../../issuer/certificate-row.js';
import type { Database } from '../../server/index.js';
import { OWN_TEXT_SEPARATOR, ownTextSign } from '../../shared/certificate/credential-skeleton.js';

/** Has all certificates that are kept whole kept apart, as those of long batches are: their names and signatures are their own. */
export async function keepApart(database: Database): Promise<void> {
  await database.write(async (transaction) => {
    const rows = await transaction<CertificateRow>('certificates').whereNotNull('credential');
    for (const { id, institution, credential } of rows) {
      const { credentialSubject, proof } = JSON.parse(credential ?? '') as {
        credentialSubject: { name: string };
        proof: { proofValue: string };
      };
      const own = [credentialSubject.name, proof.proofValue];
      const skeleton = own.reduce(
        (text, part, i) => text.replace(`"${part}"`, `"${ownTextSign(i)}"`),
        credential ?? '',
      );
      const row = {
        skeleton_owner: institution,
        skeleton_hash: createHash('sha256').update(skeleton).digest('hex'),
        skeleton_text: skeleton,
      };
      await transaction('credential_skeletons').insert(row).onConflict().ignore();
      const { skeleton_id } = (await transaction('credential_skeletons').where(row).first()) as { skeleton_id: number };
      const apart = { credential: null, own_texts: own.join(OWN_TEXT_SEPARATOR), skeleton: skeleton_id };
      await transaction('certificates').where({ id }).update(apart);
    }
  });
}
