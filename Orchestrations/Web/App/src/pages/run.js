import { get, run as at } from '../api.js';
import { Decision, Facts, html, Loading, Page, Problem, State, Text, useLoad } from '../view.js';
import { age, compact, duration, instant, money, percent } from '../text.js';
import { link } from '../route.js';
import { Actions } from './actions.js';
import { Overview } from './overview.js';
import { Curves } from '../curves.js';
import { Trajectories } from './trajectories.js';
import { Results } from './results.js';
import { Told } from './item.js';
import { Plan } from './plan.js';
import { Checkpoints } from './checkpoints.js';
import { progressOf } from './runs.js';

const TABS = [['overview', 'Overview'], ['curves', 'Curves'], ['trajectories', 'Trajectories'], ['results', 'Results'], ['checkpoints', 'Checkpoints'], ['plan', 'Plan']];
export const hasEnded = (run) => ['completed', 'failed', 'canceled'].includes(run.state);

export function Run({ id, tab, query }) {
  const status = useLoad((signal) => get(at(id), signal), [id], 2000);
  const run = status.data;
  const open = !run || !hasEnded(run);
  return html`
    <${Page} name=${run?.name ?? id} title=${html`<${Text} text=${run?.name ?? id} />`} trail=${html`<a href="#/runs">Runs</a> / <span><${Text} text=${id} /></span>`}
      actions=${run && html`<${Actions} run=${run} reload=${status.reload} />`}>
      <${Problem} error=${status.error} />
      ${!run ? !status.error && html`<${Loading} />` : html`
        <p class="line"><${State} state=${run.state} /> <${Decision} decision=${run.decision} /> ${run.phase && !hasEnded(run) && html`<span><${Text} text=${run.phase} /></span>`}
          ${run.from && html`<span>${run.from.retry ? 'a retry of' : 'a fork of'} <a href=${link(['run', run.from.run])}>${run.from.run}</a></span>`}</p>
        ${run.headline && html`<p class="headline"><${Text} text=${run.headline} /></p>`}
        ${run.failures?.map((failure) => html`<div class="problem"><${Told} text=${failure.text} /></div>`)}
        <${Facts} of=${[
          ['Submitted', html`<span title=${instant(run.submittedAt)}>${age(run.submittedAt)}</span>`],
          ['Progress', percent(progressOf(run), 0)],
          ['Trainings', html`<span title="arms that train times seeds">${run.trainings}</span>`],
          ['Budget an arm', compact(run.budgetPerArm)],
          ['Tokens', html`<span data-figure="tokens">${compact(run.usage?.tokens)}</span>`],
          ['Worker time', duration(run.usage?.workerSeconds)],
          ['Cost so far', html`<span title=${run.cost && `worker seconds on ${run.cost.machine}`}>${money(run.cost)}</span>`],
        ]} />
        <nav class="tabs" aria-label="Parts of the run">${TABS.map(([name, words]) => html`<a href=${link(['run', id, name])} aria-current=${tab === name ? 'page' : null}>${words}</a>`)}</nav>
        ${tab === 'curves' ? html`<${RunCurves} id=${id} open=${open} />`
          : tab === 'trajectories' ? html`<${Trajectories} id=${id} query=${query} />`
          : tab === 'results' ? html`<${Results} id=${id} run=${run} />`
          : tab === 'plan' ? html`<${Plan} id=${id} other=${query.other} pointer=${query.at} />`
          : tab === 'checkpoints' ? html`<${Checkpoints} id=${id} run=${run} query=${query} />`
          : html`<${Overview} run=${run} open=${open} />`}`}
    <//>`;
}

function RunCurves({ id, open }) {
  const metrics = useLoad(async (signal) => [{ prefix: '', id, metrics: await get(`${at(id)}/metrics?points=1000`, signal) }], [id, open], open ? 3000 : 0);
  return html`<${Problem} error=${metrics.error} />${metrics.data ? html`<${Curves} of=${metrics.data} />` : !metrics.error && html`<${Loading} />`}`;
}
