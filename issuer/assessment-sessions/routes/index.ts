import type { ServiceApp } from '../../../server/index.js';
import type { IssuerService } from '../../service.js';
import { candidateRoutes } from './candidate-routes.js';
import { jointRoutes } from './joint-routes.js';
import { sessionRoutes } from './session-routes.js';

/** Everything about assessment sessions. */
export function assessmentSessionRoutes(app: ServiceApp, service: IssuerService): void {
  sessionRoutes(app, service);
  candidateRoutes(app, service);
  jointRoutes(app, service);
}
