import { ROLES, type Role } from '../api/schemas.js';
import { useText } from '../i18n/index.js';

/** Roles to be ticked, each with what it may do. */
export function RoleChoice({ value, onChange }: { value: readonly Role[]; onChange: (roles: Role[]) => void }) {
  const { say } = useText();
  return (
    <fieldset class="role-choice">
      <legend>{say('people.roles')}</legend>
      {ROLES.map((role) => (
        <label key={role} class="check">
          <input
            type="checkbox"
            checked={value.includes(role)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...value, role] : value.filter((one) => one !== role))
            }
          />
          <span>
            <strong>{say(`role.${role}`)}</strong> <span class="soft">{say(`role.${role}.help`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
