import type { KeyObject } from 'node:crypto';
import type { CertificateRecord } from '../../shared/certificate/record.js';
import { errorCode, YizhengError } from '../../shared/errors.js';
import type { JsonObject } from '../../shared/json/parse-json.js';
import type { Shape } from '../../shared/proof/compiled/shape.js';
import type { ShapeTemplates } from '../../shared/proof/compiled/template.js';
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
  { chunk: number; made: string[] | PackedCertificates } | { chunk: number; failed: Failure & { index: number } };

/** What a thread asks of whoever started it: the templates of a document's shape. */
export interface TemplateQuestion {
  question: number;
  document: JsonObject;
  shape: Shape;
}

/** The answer, and whose it is. */
export type TemplateAnswer =
  { question: number; templates: ShapeTemplates | undefined } | { question: number; failed: Failure };

/** An error on its way between threads. */
export interface Failure {
  code: string;
  message: string;
  status: number;
}

/** What of an error is told to another thread. */
export function failureOf(error: unknown): Failure {
  return {
    code: errorCode(error),
    message: error instanceof Error ? error.message : 'unknown',
    status: error instanceof YizhengError ? error.status : 500,
  };
}
