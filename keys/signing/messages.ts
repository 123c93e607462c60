import type { KeyObject } from 'node:crypto';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import type { CertificateJob } from '../bulk-signer.js';
import type { PackedCertificates } from './packed-certificates.js';
import type { PackedPlans } from './packed-plans.js';
import type { PackerRoom } from './packer-room.js';

/** What a signing thread starts with. A key object crosses over as a handle: no key bytes are copied into a message. */
export interface SigningThreadData {
  keyId: string;
  privateKey: KeyObject;
}

/** Records to sign. */
export interface SignWork {
  kind: 'sign';
  items: readonly CertificateRecord[];
  created: string;
}

/** Certificates to make of what a batch planned. */
export interface MakeWork extends Omit<CertificateJob, 'certificates'> {
  kind: 'make';
  items: PackedPlans;
  /** Where to pack them; new memory is taken where it is missing or too small. */
  room?: PackerRoom | undefined;
}

/** A chunk of work for one thread. */
export type SigningWork = SignWork | MakeWork;

/** {@link SigningWork} on its way, numbered. */
export interface SigningRequest {
  chunk: number;
  work: SigningWork;
}

/** What became of a chunk: all of it or nothing. */
export type SigningAnswer =
  | { chunk: number; made: string[] | PackedCertificates }
  | { chunk: number; failed: { code: string; message: string; index: number; status: number } };
