import { get } from '../api.js';
import { Bar, Empty, Facts, html, Loading, Page, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { age, count, instant } from '../text.js';
import { link } from '../route.js';
import { itemLink } from './item.js';
import { WaitTable } from './overview.js';

export function Queue() {
  const queue = useLoad((signal) => get('queue', signal), [], 2000);
  const data = queue.data;
  const items = data?.waits.flatMap((wait) => wait.items) ?? [];
  const by = (state) => items.filter((item) => item.state === state).length;
  return html`
    <${Page} title="Queue and workers">
      <${Problem} error=${queue.error} />
      ${!data ? !queue.error && html`<${Loading} />` : html`
        <${Facts} of=${[['Messages', data.messages], ['Queued items', by('queued')], ['Running items', by('running')], ['Stalled items', by('stalled')], ['Set aside', html`<span class=${data.setAside ? 'bad-text' : ''}>${data.setAside}</span>`], ['Runs at once', data.maxActive]]} />
        <${Section} title="Workers at work" aside=${html`<span class="quiet">an idle worker tells nobody of itself</span>`}>
          ${data.workers.length === 0 ? html`<${Empty}>${by('queued') > 0 ? `No worker is at work; ${count(by('queued'), 'item')} ${by('queued') === 1 ? 'waits' : 'wait'} for one.` : 'No worker is at work, and none is needed.'}<//>` : html`
          <${Scroll} label="Workers"><table><thead><tr><th scope="col">Worker</th><th scope="col">Run</th><th scope="col">Item</th><th scope="col">Since</th><th scope="col">Progress</th><th scope="col">Last progress</th><th scope="col">Last error</th></tr></thead>
            <tbody>${data.workers.map((worker) => { const [run, ...rest] = worker.item.split('/'); return html`<tr><th scope="row"><${Text} text=${worker.name} /></th><td><a href=${link(['run', run])}>${run}</a></td><td class="mono"><a href=${itemLink(worker.item)}><${Text} text=${rest.join('/')} /></a></td>
              <td title=${instant(worker.startedAt)}>${age(worker.startedAt)}</td><td><${Bar} share=${worker.progress} /></td><td>${age(worker.lastProgress)}</td><td><${Text} text=${worker.lastError ?? '–'} /></td></tr>`; })}</tbody></table><//>`}
        <//>
        <${Section} title="Waiting">${data.waits.length === 0 ? html`<${Empty}>Nothing is waited for.<//>` : html`<${WaitTable} waits=${data.waits} withRun />`}<//>
        <${Section} title="The line of runs" aside=${html`<span class="quiet">the first ${data.maxActive} of those that have not ended go on</span>`}>
          ${data.line.length === 0 ? html`<${Empty}>It is empty.<//>` : html`<ol class="line-of-runs">${data.line.map((run) => html`<li><a href=${link(['run', run])}><${Text} text=${run} /></a></li>`)}</ol>`}<//>`}
    <//>`;
}
