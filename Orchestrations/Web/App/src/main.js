import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import 'uplot/dist/uPlot.min.css';
import './style.css';
import { key, onKey, setKey, takeKeyFromFragment } from './api.js';
import { html, setLive, useLive } from './view.js';
import { here, link } from './route.js';
import { Runs } from './pages/runs.js';
import { Run } from './pages/run.js';
import { Trajectory } from './pages/trajectory.js';
import { Item } from './pages/item.js';
import { Compare } from './pages/compare.js';
import { Queue } from './pages/queue.js';
import { Schedule, Schedules } from './pages/schedules.js';
import { Inputs } from './pages/inputs.js';

takeKeyFromFragment();

const PLACES = [['runs', 'Runs'], ['compare', 'Compare'], ['queue', 'Queue and workers'], ['schedules', 'Schedules'], ['inputs', 'Data sets and models']];

function KeyPage() {
  return html`
    <main id="main" class="key-page" tabindex="-1">
      <h1>Curriculum runs</h1>
      <form onSubmit=${(event) => { event.preventDefault(); setKey(new FormData(event.target).get('key').trim()); }}>
        <label class="field"><span>Key of the app</span><input name="key" type="password" required autocomplete="off" spellcheck="false" /></label>
        <button class="primary" type="submit">Open</button>
      </form>
      <p class="quiet">It is kept for this tab and sent to this app alone. <code>dotnet run local.cs</code> prints a link that carries it; in Azure it is the function key.</p>
    </main>`;
}

function View({ at }) {
  const [first, second, third, fourth] = at.path;
  if (first === 'run' && second && third === 'trajectory') return html`<${Trajectory} key=${`${second}/${fourth}`} id=${second} name=${fourth} query=${at.query} />`;
  if (first === 'run' && second && third === 'item') return html`<${Item} key=${`${second}/${fourth}`} id=${second} name=${fourth} />`;
  if (first === 'run' && second) return html`<${Run} key=${second} id=${second} tab=${third ?? 'overview'} query=${at.query} />`;
  if (first === 'compare') return html`<${Compare} query=${at.query} />`;
  if (first === 'queue') return html`<${Queue} />`;
  if (first === 'schedules') return second ? html`<${Schedule} key=${second} name=${second} />` : html`<${Schedules} />`;
  if (first === 'inputs') return html`<${Inputs} />`;
  return html`<${Runs} query=${at.query} />`;
}

function App() {
  const [at, setAt] = useState(here());
  const [given, setGiven] = useState(key());
  const live = useLive();
  useEffect(() => onKey(() => setGiven(key())), []);
  useEffect(() => {
    const moved = () => {
      takeKeyFromFragment();
      const next = here();
      setAt((before) => {
        // A new page begins at its top, for eyes and for screen readers; a changed filter does not.
        if (before.path.join('/') !== next.path.join('/')) requestAnimationFrame(() => { scrollTo(0, 0); document.getElementById('main')?.focus({ preventScroll: true }); });
        return next;
      });
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  if (!given) return html`<${KeyPage} />`;
  const place = at.path[0] === 'run' ? 'runs' : at.path[0];
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById('main').focus(); }}>Skip to the page</a>
    <header class="top">
      <a class="mark" href="#/runs"><img src="app/mark.svg" alt="" width="20" height="20" />Curriculum runs</a>
      <nav aria-label="Pages">${PLACES.map(([path, words]) => html`<a href=${link([path])} aria-current=${place === path ? 'page' : null}>${words}</a>`)}</nav>
      <div class="top-end">
        <button type="button" aria-pressed=${String(live)} onClick=${() => setLive(!live)} title="Whether figures follow what happens"><span class=${live ? 'dot on' : 'dot'}></span>Live</button>
        <button type="button" onClick=${() => setKey('')}>Forget the key</button>
      </div>
    </header>
    <${View} at=${at} />`;
}

render(html`<${App} />`, document.getElementById('app'));
