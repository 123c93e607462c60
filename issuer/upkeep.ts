import { settleApplications } from './applications/index.js';
import type { IssuerService } from './service.js';

/** One round of the periodic work; no chore waits for the success of another. */
export async function keepUp(service: IssuerService, fetchBundles: boolean): Promise<void> {
  const chores = {
    bundles: async () => {
      if (fetchBundles) await service.accreditations.refresh(await service.institutions.staying({ working: true }));
    },
    reserved: () => service.issuing.completeReserved(),
    applications: () => settleApplications(service.effects),
    wallets: () => service.openid4vci.tidy(),
    statusLists: async () => service.statusLists.refresh(await service.institutions.staying()),
  };
  for (const [chore, run] of Object.entries(chores))
    try {
      await run();
    } catch (error) {
      service.effects.logger.error({ chore, err: error }, 'upkeep failed');
    }
}
