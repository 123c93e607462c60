/* global document, window, fetch, FormData, URLSearchParams, location, history, navigator, localStorage, File */
import { WORDS } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const ICONS = {
  pass: 'M7 13l4 4 7-9',
  fail: 'M8 8l9 9M17 8l-9 9',
  unknown: 'M9.5 9.5a3 3 0 1 1 4.3 2.7c-1 .5-1.5 1-1.5 2.1M12.3 17.6v.1',
  conditions: 'M12.5 6.5v7M12.5 17.4v.1',
};
const HEADLINE_ICONS = {
  accepted: 'pass',
  'accepted-with-conditions': 'conditions',
  refused: 'fail',
  undetermined: 'unknown',
};
const COLOURS = { pass: '#0b6138', fail: '#a3161b', unknown: '#3f4d5f' };

const byId = (id) => document.getElementById(id);
let language = startLanguage();
let anchors = [];
let last;

say();
byId('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  remember('language', language);
  say();
  if (last) void check(last);
});
byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const file = byId('file').files[0];
  const text = byId('text').value.trim();
  if (!file && text === '') {
    byId('progress').textContent = words().empty;
    byId('file').focus();
    return;
  }
  void check(file ? { file } : { text });
});
byId('anchor').addEventListener('change', () => {
  remember('anchor', byId('anchor').value);
  if (last) void check(last);
});
byId('file').addEventListener('change', () => {
  byId('text').value = '';
  showChosen(byId('file').files[0]);
  if (byId('file').files[0]) void check({ file: byId('file').files[0] });
});
byId('text').addEventListener('input', () => {
  byId('file').value = '';
  showChosen(undefined);
});
const drop = byId('drop');
for (const type of ['dragover', 'dragleave', 'drop'])
  drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', type === 'dragover');
    const file = type === 'drop' ? event.dataTransfer.files[0] : undefined;
    if (!(file instanceof File)) return;
    byId('file').value = '';
    byId('text').value = '';
    showChosen(file);
    void check({ file });
  });
window.addEventListener('hashchange', arrive);
await loadAnchors();
arrive();

function showChosen(file) {
  byId('chosen').textContent = file?.name ?? '';
  byId('chosen').hidden = !file;
}

/** Somebody's camera opened the address in a QR code: the digits are the certificate. They leave the address bar at once. */
function arrive() {
  if (!/^#\d+$/.test(location.hash)) return;
  const text = `YZ:${location.hash.slice(1)}`;
  history.replaceState(null, '', location.pathname);
  void check({ text });
}

async function loadAnchors() {
  try {
    const answer = await fetch('trust');
    if (answer.ok) anchors = (await answer.json()).anchors;
  } catch {
    byId('progress').textContent = words().unreachable;
  }
  const select = byId('anchor');
  select.replaceChildren(...anchors.map(({ anchor, name }) => element('option', { value: anchor }, name ?? anchor)));
  if (anchors.length > 1) select.prepend(element('option', { value: '', 'data-say': 'choose' }, words().choose));
  const asked = new URLSearchParams(location.search).get('anchor') ?? remembered('anchor');
  select.value = anchors.some(({ anchor }) => anchor === asked) ? asked : (select.options[0]?.value ?? '');
  showData();
}

async function check(input) {
  last = input;
  if (anchors.length > 1 && byId('anchor').value === '') {
    byId('progress').textContent = words().chooseFirst;
    byId('anchor').focus();
    return;
  }
  const form = new FormData();
  if (input.file) form.set('file', input.file);
  else form.set('text', input.text);
  form.set('lang', language);
  if (byId('anchor').value) form.set('anchor', byId('anchor').value);
  byId('submit').disabled = true;
  byId('progress').textContent = words().working;
  try {
    const answer = await fetch('verify', { method: 'POST', body: form });
    const body = await answer.json();
    if (answer.ok) show(body);
    else showProblem(body);
    byId('progress').textContent = '';
  } catch {
    byId('result').hidden = true;
    byId('progress').textContent = words().unreachable;
  } finally {
    byId('submit').disabled = false;
  }
}

function show({ verdict, text }) {
  const asOf = verdict.trust.dataAsOf;
  reveal(verdict.headline, [
    headline(text.headline, HEADLINE_ICONS[verdict.headline]),
    ...text.context
      .slice(0, 1)
      .map(({ label, value }) => element('p', { class: 'note' }, `${label}: `, element('bdi', {}, value))),
    ...text.warnings.map((warning) => element('p', { class: 'note warning' }, warning)),
    ...text.conditions.map((condition) => element('p', { class: 'note condition' }, condition)),
    element(
      'ul',
      { class: 'answers' },
      ...text.questions.map(({ question, title, answer, sentence, asOf: known, notes }) =>
        element(
          'li',
          { class: verdict.questions[question].answer },
          icon(verdict.questions[question].answer, COLOURS[verdict.questions[question].answer]),
          element('span', { class: 'title' }, title),
          element('span', { class: 'badge' }, answer),
          element('p', { class: 'sentence' }, sentence),
          ...(notes.length > 0
            ? [element('ul', { class: 'more' }, ...notes.map((note) => element('li', {}, note)))]
            : []),
          element('p', { class: 'as-of' }, known),
        ),
      ),
    ),
    ...(text.certificate.length > 0
      ? [element('h3', {}, words().certificate), rows('certificate', text.certificate)]
      : []),
    element('h3', {}, words().basis),
    rows('basis', [...text.context, ...(asOf === null ? [{ label: words().dataAsOf, value: words().noData }] : [])]),
  ]);
}

function showProblem({ code = 'INTERNAL', detail = '' }) {
  const { problems, otherProblem, unreadable } = words();
  reveal('problem', [
    headline(unreadable, 'unknown'),
    element('p', { class: 'note' }, problems[code] ?? (otherProblem === '' ? detail : otherProblem)),
    element('p', { class: 'note' }, element('code', {}, code)),
  ]);
}

function reveal(kind, children) {
  const result = byId('result');
  result.className = kind;
  result.replaceChildren(...children);
  result.hidden = false;
  result.focus({ preventScroll: true });
  result.scrollIntoView({ block: 'start' });
}

function headline(words_, kind) {
  return element(
    'div',
    { class: 'headline' },
    icon(kind, 'rgba(255,255,255,0.2)'),
    element('h2', { id: 'headline' }, words_),
  );
}

function rows(kind, list) {
  return element(
    'dl',
    { class: kind },
    ...list.flatMap(({ label, value }) => [element('dt', {}, label), element('dd', {}, element('bdi', {}, value))]),
  );
}

function icon(kind, fill) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 25 25');
  svg.setAttribute('aria-hidden', 'true');
  const circle = document.createElementNS(SVG, 'circle');
  for (const [name, value] of Object.entries({ cx: 12.5, cy: 12.5, r: 12, fill })) circle.setAttribute(name, value);
  const path = document.createElementNS(SVG, 'path');
  const stroke = { d: ICONS[kind], fill: 'none', stroke: '#fff', 'stroke-width': 2.4 };
  for (const [name, value] of Object.entries({ ...stroke, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }))
    path.setAttribute(name, value);
  svg.append(circle, path);
  return svg;
}

/** Text is only ever added as text: what a certificate says cannot become markup. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function words() {
  return WORDS[language];
}

function say() {
  document.documentElement.lang = language;
  document.title = `${words().brand} · ${words().title}`;
  for (const place of document.querySelectorAll('[data-say]')) place.textContent = words()[place.dataset.say];
  const other = byId('language');
  other.textContent = words().language;
  other.lang = language === 'en' ? 'zh-CN' : 'en';
  showData();
}

function showData() {
  const known = anchors.map(({ name, anchor, dataAsOf }) => {
    const when = dataAsOf === null ? words().noData : words().dataAsOf + chinaTime(dataAsOf);
    return element('span', {}, `${name ?? anchor} \u2014 ${when}`);
  });
  byId('data').replaceChildren(...known);
}

/** As the verdict writes times: China Standard Time, `2026-11-20 17:00`. */
function chinaTime(instant) {
  return new Date(instant).toLocaleString('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'short',
  });
}

function startLanguage() {
  const kept = remembered('language');
  if (kept !== null && kept in WORDS) return kept;
  return /^en\b/i.test(navigator.language) ? 'en' : 'zh-CN';
}

function remember(name, chosen) {
  try {
    localStorage.setItem(name, chosen);
  } catch {
    return;
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
