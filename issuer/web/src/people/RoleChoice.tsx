import { ROLES, type Role } from '../api/schemas.js';
import { useText } from '../i18n/index.js';
import { CheckField } from '../parts/index.js';

/** Roles to be ticked, each with what it may do. */
export function RoleChoice({ value, onChange }: { value: readonly Role[]; onChange: (roles: Role[]) => void }) {
  const { say } = useText();
  return (
    <fieldset class="role-choice">
      <legend>{say('people.roles')}</legend>
      {ROLES.map((role) => (
        <CheckField
          key={role}
          label={say(`role.${role}`)}
          help={say(`role.${role}.help`)}
          checked={value.includes(role)}
          onChange={(checked) => onChange(checked ? [...value, role] : value.filter((one) => one !== role))}
        />
      ))}
    </fieldset>
  );
}
