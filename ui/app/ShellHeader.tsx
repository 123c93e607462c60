import { useId } from 'preact/hooks';
import { chooseLanguage, useText, WEB_LANGUAGES } from '../i18n/index.js';
import { Icon } from '../parts/index.js';

/**
 * Name of the app and the choice of language.
 * @param home address of the first view
 */
export function ShellHeader({ brand, tagline, home }: { brand: string; tagline: string; home: string }) {
  const { say, tag } = useText();
  const id = useId();
  return (
    <header class="shell-header">
      <div class="shell-bar">
        <a class="brand" href={home}>
          <span class="brand-mark">
            <Icon name="pass" />
          </span>
          <span>
            <strong>{brand}</strong> <span class="soft">{tagline}</span>
          </span>
        </a>
        <label class="visually-hidden" for={id}>
          {say('app.language')}
        </label>
        <select id={id} class="language" value={tag} onChange={(event) => chooseLanguage(event.currentTarget.value)}>
          {WEB_LANGUAGES.map((language) => (
            <option key={language.tag} value={language.tag} lang={language.tag}>
              {language.name}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}
