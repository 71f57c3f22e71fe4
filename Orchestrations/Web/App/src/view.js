// What all pages are made of.
import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import htm from 'htm';
import { parts } from './text.js';

export const html = htm.bind(h);

// Text of data and of models: never markup, and nothing in it is unseen.
export function Text({ text, line = true }) {
  return parts(String(text ?? ''), line).map((part) => (part.point ? html`<span class="point">⟨${part.point}⟩</span>` : part));
}

let live = true;
const watchers = new Set();
export const isLive = () => live;
export function setLive(value) {
  live = value;
  for (const watcher of watchers) watcher();
}

// What a page was asked for and has not been answered: shown as a line under the top.
let loading = 0;
function load(change) {
  loading += change;
  document.documentElement.toggleAttribute('data-loading', loading > 0);
}

// Loads, and loads again while the page is looked at, never more often than a tenth of the time is spent on it.
export function useLoad(ask, on, every = 0) {
  const [state, setState] = useState({ loading: true });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    let timer;
    const once = async () => {
      const began = performance.now();
      try {
        const data = await ask(gone.signal);
        if (!gone.signal.aborted) setState({ data });
      } catch (error) {
        if (!gone.signal.aborted) setState((before) => ({ data: before.data, error }));
      }
      if (every && !gone.signal.aborted) timer = setTimeout(next, Math.max(every, 10 * (performance.now() - began)));
    };
    const next = () => (document.hidden || !live ? (timer = setTimeout(next, 1000)) : once());
    setState((before) => ({ ...before, loading: true }));
    load(1);
    once().finally(() => load(-1));
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [...on, again]);
  return { ...state, reload: () => setAgain((n) => n + 1) };
}

export function useLive() {
  const [, redraw] = useState(0);
  useEffect(() => {
    const watcher = () => redraw((n) => n + 1);
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, []);
  return live;
}

export function Page({ title, trail, actions, children, name }) {
  const heading = useRef();
  useEffect(() => {
    document.title = `${name ?? title} · Curriculum runs`;
  }, [name, title]);
  return html`
    <main id="main" tabindex="-1" ref=${heading}>
      ${trail && html`<nav class="trail" aria-label="Where this is">${trail}</nav>`}
      <div class="head"><h1>${title}</h1>${actions && html`<div class="actions">${actions}</div>`}</div>
      ${children}
    </main>`;
}

export function Problem({ error }) {
  if (!error || error.name === 'AbortError') return null;
  return html`<div class="problem" role="alert"><strong>${error.title ?? 'The app did not answer.'}</strong> <${Text} text=${error.message} />
    ${error.errors?.length > 0 && html`<ul>${error.errors.map((one) => html`<li><code>${one.pointer}</code> <${Text} text=${one.detail} /></li>`)}</ul>`}</div>`;
}

export const Loading = () => html`<p class="quiet" role="status">Loading …</p>`;

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

export const Badge = ({ kind, children, title }) => html`<span class=${`badge ${kind}`} title=${title}>${children}</span>`;

const STATES = {
  completed: 'good', running: 'busy', pending: 'idle', paused: 'held', suspended: 'held', canceling: 'held', canceled: 'idle', failed: 'bad', purging: 'held', unreadable: 'bad',
};
export const State = ({ state }) => html`<${Badge} kind=${STATES[state] ?? 'idle'}>${state}<//>`;

const OUTCOMES = { completed: 'good', 'stopped-by-gate': 'held', 'stopped-by-guard': 'held', 'stopped-by-cap': 'held', starved: 'held', canceled: 'idle', failed: 'bad' };
export const outcomeKind = (outcome) => (outcome ? OUTCOMES[outcome] ?? 'idle' : 'busy');
export const Outcome = ({ outcome }) => html`<${Badge} kind=${outcomeKind(outcome)}>${outcome ?? 'under way'}<//>`;

const DECISIONS = { wins: 'good', loses: 'bad', undecided: 'idle' };
export const Decision = ({ decision }) => (decision ? html`<${Badge} kind=${DECISIONS[decision]}>${decision}<//>` : null);

export const Bar = ({ share, kind = 'busy', label }) => {
  const width = Math.max(0, Math.min(1, share || 0));
  return html`<span class="bar" role="img" aria-label=${label ?? `${Math.round(100 * width)} %`}><span class=${kind} style=${{ width: `${100 * width}%` }}></span></span>`;
};

export const Facts = ({ of }) => html`<dl class="facts">${of.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

export const Scroll = ({ label, children }) => html`<div class="scroll" role="group" aria-label=${label} tabindex="0">${children}</div>`;

export function Section({ title, children, aside, id }) {
  return html`<section aria-label=${title} id=${id}><div class="section-head"><h2>${title}</h2>${aside}</div>${children}</section>`;
}

// Asks before something is done, and says what will happen.
export function Confirm({ title, children, act, label, danger, onClose }) {
  const dialog = useRef();
  const [state, setState] = useState({});
  useEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  const go = async () => {
    setState({ busy: true });
    try {
      await act();
      onClose(true);
    } catch (error) {
      setState({ error });
    }
  };
  return html`
    <dialog ref=${dialog} onCancel=${(event) => { event.preventDefault(); onClose(false); }} aria-labelledby="dialog-title">
      <h2 id="dialog-title">${title}</h2>
      ${children}
      <${Problem} error=${state.error} />
      <div class="actions end">
        <button type="button" onClick=${() => onClose(false)}>Leave it</button>
        <button type="button" class=${danger ? 'danger' : 'primary'} disabled=${state.busy} onClick=${go}>${label}</button>
      </div>
    </dialog>`;
}

export function Choice({ label, value, options, onChange }) {
  return html`<label class="field"><span>${label}</span><select value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([name, words]) => html`<option value=${name} selected=${name === value}>${words}</option>`)}</select></label>`;
}

export function Entry({ label, value, onChange, type = 'search', placeholder, step }) {
  const [draft, setDraft] = useState(value ?? '');
  const timer = useRef();
  useEffect(() => setDraft(value ?? ''), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`<label class="field"><span>${label}</span><input type=${type} step=${step} value=${draft} placeholder=${placeholder} spellcheck="false" autocomplete="off"
    onInput=${(event) => {
      const typed = event.target.value;
      setDraft(typed);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onChange(typed), 250);
    }} /></label>`;
}
