import { useEffect, useState } from 'preact/hooks';
import { get, run as at, save } from '../api.js';
import { Empty, html, Loading, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { replace } from '../route.js';

// Every value of a plan by its pointer.
export function leaves(node, pointer = '', found = new Map()) {
  if (node !== null && typeof node === 'object' && Object.keys(node).length > 0)
    for (const [name, value] of Object.entries(node)) leaves(value, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
  else found.set(pointer, JSON.stringify(node));
  return found;
}

export function differences(one, other) {
  const [first, second] = [leaves(one), leaves(other)];
  return [...new Set([...first.keys(), ...second.keys()])].filter((pointer) => first.get(pointer) !== second.get(pointer)).map((pointer) => [pointer, first.get(pointer), second.get(pointer)]);
}

// The pointer that a link names is shown, though it be a default, and stands out.
export function Plan({ id, other, pointer: asked }) {
  const [own, setOwn] = useState(true);
  const isAsked = (pointer) => Boolean(asked) && (pointer === asked || pointer.startsWith(`${asked}/`));
  const plan = useLoad((signal) => get(`${at(id)}/plan`, signal), [id]);
  const held = useLoad((signal) => (other ? get(`${at(other)}/plan`, signal) : null), [other]);
  const runs = useLoad((signal) => get('runs?limit=100', signal), []);
  useEffect(() => {
    if (asked && plan.data) requestAnimationFrame(() => document.querySelector('tr.asked')?.scrollIntoView({ block: 'center' }));
  }, [asked, Boolean(plan.data)]);
  if (!plan.data) return html`<${Problem} error=${plan.error} />${!plan.error && html`<${Loading} />`}`;
  const defaults = plan.data.defaults;
  const isDefault = (pointer) => defaults.some((one) => pointer === one || pointer.startsWith(`${one}/`));
  const rows = [...leaves(plan.data.plan)].filter(([pointer]) => !own || !isDefault(pointer) || isAsked(pointer));
  return html`
    <div class="filters">
      <label class="check"><input type="checkbox" checked=${own} onChange=${(event) => setOwn(event.target.checked)} />only what is not a default</label>
      <label class="field"><span>Differences to</span><select value=${other ?? ''} onChange=${(event) => replace(['run', id, 'plan'], { at: asked, other: event.target.value })}>
        <option value="">no other run</option>${(runs.data?.runs ?? []).filter((run) => run.id !== id).map((run) => html`<option value=${run.id} selected=${run.id === other}>${run.id}</option>`)}</select></label>
      <button type="button" onClick=${() => save(`${id}-plan.json`, JSON.stringify(plan.data.plan, null, 2), 'application/json')}>plan.json</button>
    </div>
    <${Problem} error=${held.error} />
    ${other && held.data && html`<${Section} title=${`Differences to ${other}`}><${Differences} rows=${differences(plan.data.plan, held.data.plan)} one=${id} other=${other} /><//>`}
    <${Section} title="Plan" aside=${html`<span class="quiet">SHA-256 ${plan.data.planHash.slice(0, 12)}</span>`}>
      <${Scroll} label="Plan"><table class="plan"><thead><tr><th scope="col">Where</th><th scope="col">Value</th><th scope="col">Default</th></tr></thead>
        <tbody>${rows.map(([pointer, value]) => html`<tr class=${`${isDefault(pointer) ? 'quiet' : ''} ${isAsked(pointer) ? 'asked' : ''}`} id=${`plan${pointer}`} data-pointer=${pointer}><th scope="row" class="mono"><${Text} text=${pointer} /></th><td class="mono"><${Text} text=${value} /></td><td>${isDefault(pointer) ? 'default' : ''}</td></tr>`)}</tbody></table><//>
    <//>`;
}

export function Differences({ rows, one, other }) {
  return rows.length === 0 ? html`<${Empty}>Their plans are the same.<//>` : html`
    <${Scroll} label="Differences"><table class="plan"><thead><tr><th scope="col">Where</th><th scope="col"><${Text} text=${one} /></th><th scope="col"><${Text} text=${other} /></th></tr></thead>
      <tbody>${rows.map(([pointer, first, second]) => html`<tr><th scope="row" class="mono"><${Text} text=${pointer} /></th><td class="mono"><${Text} text=${first ?? '–'} /></td><td class="mono"><${Text} text=${second ?? '–'} /></td></tr>`)}</tbody></table><//>`;
}
