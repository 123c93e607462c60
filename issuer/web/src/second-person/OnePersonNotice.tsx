import { z } from 'zod';
import { Button, Notice } from '../../../../ui/parts/index.js';
import { call } from '../api/call.js';
import { Problem } from '../api/Problem.js';
import { useAction } from '../api/use-action.js';
import { useCall } from '../api/use-call.js';
import { useText } from '../i18n/index.js';

const settingSchema = z.object({ requiresApproval: z.boolean() });

/** Says that an institution does without a second person, where it does; its administrator may ask for one. `path`: of the institution. */
export function OnePersonNotice({ path, isAdmin }: { path: string; isAdmin: boolean }) {
  const { say } = useText();
  const setting = useCall((signal) => call(`${path}/approval`, settingSchema, { signal }), [path]);
  const turnOn = useAction(async () => {
    await call(`${path}/approval`, settingSchema, { method: 'PUT', body: { requiresApproval: true } });
    setting.again();
  });
  if (setting.value?.requiresApproval !== false) return <Problem error={setting.error} />;
  return (
    <Notice kind="care" title={say('second.off-title')}>
      <p>{say('second.off')}</p>
      <Problem error={turnOn.error} />
      {isAdmin && (
        <Button busy={turnOn.busy} onClick={() => turnOn.run()}>
          {say('second.turn-on')}
        </Button>
      )}
    </Notice>
  );
}
