import type { FeedRole } from '../shared/trust/feed-metadata.js';
import type { RegistryEvent, SigningKey } from '../shared/trust/types.js';
import type { ChangeKind, DualControlKind } from './dual-control.js';
import type { AccreditationInput, RecognitionInput } from './statement-input.js';

/** An accreditation as it is to be made: the institution's keys are looked up. */
export type PreparedAccreditation = AccreditationInput & {
  signingKeys: NonNullable<AccreditationInput['signingKeys']>;
};

/** A recognition as it is to be made: the other's root is looked up and pinned. */
export type PreparedRecognition = Omit<RecognitionInput, 'rootDigest'> & {
  registryRoot: { version: number; digestMultibase: string };
};

/** Every change that may need a second person, with all it depends on from outside looked up, so that it can be stored whole. */
interface ChangeInputs {
  accredit: PreparedAccreditation;
  'signing-keys': { id: string; signingKeys: SigningKey[] };
  recognise: PreparedRecognition;
  event: Readonly<Record<string, unknown>>;
  root: { rotate: Exclude<FeedRole, 'root'>[] };
  'dual-control': { dualControl: DualControlKind[] };
}

/** One change. `urgentReason`: why it shall take effect without lead time; such a change always needs a second person. */
export type Change = {
  [K in keyof ChangeInputs]: { operation: K; input: ChangeInputs[K]; urgentReason?: string };
}[keyof ChangeInputs];

/** A change that makes or extends a statement. */
export type StatementChange = Exclude<Change, { operation: 'root' | 'dual-control' }>;

/** True for a change that makes or extends a statement. */
export function isStatementChange(change: Change): change is StatementChange {
  return change.operation !== 'root' && change.operation !== 'dual-control';
}

/** What the authority may have asked a second person for. Revoking a statement changes what the statement said, so it is both. */
export function kindsOf(change: Change): readonly [ChangeKind, ...ChangeKind[]] {
  switch (change.operation) {
    case 'accredit':
    case 'signing-keys':
      return ['accreditation'];
    case 'recognise':
      return ['recognition'];
    case 'root':
      return ['root'];
    case 'dual-control':
      return ['settings'];
    case 'event': {
      const { event, statement } = change.input as Partial<RegistryEvent>;
      if (event !== 'statement-revoked' || statement === undefined) return ['event'];
      return ['event', statement.startsWith('urn:yizheng:recognition:') ? 'recognition' : 'accreditation'];
    }
  }
}
