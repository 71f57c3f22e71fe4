// The public API with the key that a person gave; the key is kept for the tab and goes into a header, never into an address.

const STORED = 'curriculum.key';
const listeners = new Set();

export const key = () => sessionStorage.getItem(STORED) ?? '';

export function setKey(value) {
  if (value) sessionStorage.setItem(STORED, value);
  else sessionStorage.removeItem(STORED);
  for (const listener of listeners) listener();
}

export function onKey(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// A link may carry the key in its fragment: it is taken out of the address, and out of the history, at once.
export function takeKeyFromFragment() {
  const match = /^#key=([^&]+)&?/.exec(location.hash);
  if (!match) return;
  setKey(decodeURIComponent(match[1]));
  const rest = location.hash.slice(match[0].length);
  history.replaceState(null, '', `${location.pathname}${location.search}#${rest || '/runs'}`);
}

export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `The app answered ${status}.`);
    this.status = status;
    this.title = problem?.title ?? (status === 401 ? 'The key is missing or wrong.' : 'The request failed.');
    this.errors = problem?.errors ?? [];
  }
}

const base = location.pathname.replace(/\/app\/?$/, '');

async function ask(path, { method = 'GET', body, headers = {}, signal } = {}) {
  const response = await fetch(`${base}/${path}`, {
    method, body, signal, headers: { 'x-functions-key': key(), ...(body ? { 'content-type': 'application/json' } : {}), ...headers }, cache: 'no-store', referrerPolicy: 'no-referrer',
  });
  if (response.ok) return response;
  if (response.status === 401) setKey('');
  let problem = null;
  try { problem = await response.json(); } catch { /* a host that is starting answers without a body */ }
  throw new Refused(response.status, problem);
}

export const get = async (path, signal) => (await ask(path, { signal })).json();

export const text = async (path) => (await ask(path)).text();

export async function send(method, path, body, headers) {
  const response = await ask(path, { method, body, headers });
  return response.status === 204 ? null : response.json();
}

export function query(given) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined && value !== null && value !== '') asked.set(name, value);
  const written = asked.toString();
  return written ? `?${written}` : '';
}

export const run = (id) => `runs/${encodeURIComponent(id)}`;

export function save(name, content, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
