/** An authority's registry: statements → signed static feed → bundle. */
export { createRegistry, type Registry } from './create-registry.js';
export { RegistryService, type RegistryUpdate } from './service.js';
export { registryMigrations } from './migrations.js';
export type { RegistryEffects, RegistryKeystore } from './effects.js';
export type { Authority, NewAuthority, PublishedRoot } from './authorities.js';
export type { AccreditationInput, RecognitionInput } from './statement-input.js';
export type { Publication } from './publisher.js';
export { DUAL_CONTROL_KINDS, type DualControlKind } from './dual-control.js';
export type { ChangeResult, Proposal, ProposalState, Submitted, Writer } from './proposals.js';
