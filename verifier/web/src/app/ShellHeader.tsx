import { useId } from 'preact/hooks';
import { chooseLanguage, useText, WEB_LANGUAGES } from '../i18n/index.js';
import { Icon } from '../ui/index.js';
import { routeHref } from './routes.js';

/** Name of the app and the choice of language. */
export function ShellHeader() {
  const { say, tag } = useText();
  const id = useId();
  return (
    <header class="shell-header">
      <div class="shell-bar">
        <a class="brand" href={routeHref('verify')}>
          <span class="brand-mark">
            <Icon name="pass" />
          </span>
          <span>
            <strong>{say('app.brand')}</strong> <span class="soft">{say('app.tagline')}</span>
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
