import { get, run as at } from '../api.js';
import { Badge, Empty, Facts, html, Loading, Page, Problem, Section, Text, useLoad } from '../view.js';
import { age, count, duration, instant, percent } from '../text.js';
import { link } from '../route.js';

// A work item's page, by its whole id.
export function itemLink(item) {
  const [run, ...rest] = item.split('/');
  return link(['run', run, 'item', rest.join('.')]);
}

// Text in which the ids of work items lead to their pages.
export function Told({ text }) {
  return String(text ?? '').split(/((?<![\w-])[a-z0-9][a-z0-9-]*\/@?[\w-]+\/-?\d+(?:\/\d+){5}\/[a-z]+)/).map((part, i) => (i % 2 ? html`<a href=${itemLink(part)}>${part}</a>` : html`<${Text} text=${part} />`));
}

const LEVELS = { information: 'idle', warning: 'held', error: 'bad', critical: 'bad' };

export function Item({ id, name }) {
  const loaded = useLoad((signal) => get(`${at(id)}/items/${encodeURIComponent(name)}`, signal), [id, name], 5000);
  const item = loaded.data;
  const state = item && (item.result ? (item.result.failure ? ['bad', 'failed'] : ['good', 'done']) : item.waiting ? [{ running: 'busy', stalled: 'bad' }[item.waiting.state] ?? 'idle', item.waiting.state] : ['idle', 'not waited for']);
  return html`
    <${Page} name="Work item" title="Work item" trail=${html`<a href="#/runs">Runs</a> / <a href=${link(['run', id])}><${Text} text=${id} /></a> / <span><${Text} text=${name} /></span>`}>
      <${Problem} error=${loaded.error} />
      ${!item ? !loaded.error && html`<${Loading} />` : html`
        <p class="line"><${Badge} kind=${state[0]}>${state[1]}<//> <span class="mono"><${Text} text=${item.id} /></span></p>
        ${item.result?.failure && html`<div class="problem"><strong>${item.result.failure.kind}</strong> <${Text} text=${item.result.failure.message} /></div>`}
        ${item.waiting && html`<p class="note"><${Text} text=${item.waiting.reason} /></p>`}
        <${Facts} of=${[
          ['Kind', item.kind],
          ['First sent', html`<span title=${instant(item.createdAt)}>${age(item.createdAt)}</span>`],
          item.waiting && ['Sent last', html`<span title=${instant(item.waiting.sentAt)}>${age(item.waiting.sentAt)}</span>`],
          item.waiting && ['Stalls', item.waiting.stalls],
          item.worker && ['Last worker', html`<${Text} text=${item.worker.name} />`],
          item.worker && ['Its progress', `${percent(item.worker.progress, 0)}, ${age(item.worker.lastProgress)}`],
          item.worker?.lastError && ['Its last error', html`<span class="bad-text"><${Text} text=${item.worker.lastError} /></span>`],
          item.result && ['Ended by', html`<${Text} text=${item.result.worker} />`],
          item.result && ['Took', duration(item.result.seconds)],
          item.result && ['Result stored', html`<span title=${instant(item.result.storedAt)}>${age(item.result.storedAt)}</span>`],
          item.setAside > 0 && ['Results set aside', html`<span class="bad-text">${item.setAside}</span>`],
        ]} />
        <${Section} title="What the host did">
          ${item.incidents.length === 0 ? html`<${Empty}>It was sent, and no more was needed.<//>` : html`<ul class="log">${item.incidents.map((incident) => html`<li><time datetime=${incident.at} title=${instant(incident.at)}>${instant(incident.at)}</time> <${Text} text=${incident.what} /></li>`)}</ul>`}
        <//>
        <${Section} title="What workers logged" aside=${html`<span class="quiet">kept where an item failed, came again or gave a warning; the last ${count(200, 'line')} of each delivery</span>`}>
          ${item.logs.length === 0 ? html`<${Empty}>Nothing was unusual, or its worker ended before it could tell.<//>` : item.logs.map((log) => html`
            <h3><${Text} text=${log.worker} /> <span class="quiet">delivery ${log.delivery}${log.dropped ? `, ${count(log.dropped, 'earlier line')} left out` : ''}</span></h3>
            <ul class="log">${log.lines.map((line) => html`<li><time datetime=${line.at}>${instant(line.at)}</time> <${Badge} kind=${LEVELS[line.level] ?? 'idle'}>${line.level}<//> <span class="mono pre"><${Text} text=${line.text} line=${false} /></span></li>`)}</ul>`)}
        <//>`}
    <//>`;
}
