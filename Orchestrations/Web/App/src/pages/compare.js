import { get, run as at } from '../api.js';
import { Empty, html, Loading, Page, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { count, percent, points } from '../text.js';
import { link, replace } from '../route.js';
import { Curves } from '../curves.js';
import { differences, Differences } from './plan.js';
import { Interval } from './results.js';

const MOST = 6;

export function Compare({ query }) {
  const chosen = (query.runs ?? '').split(',').filter(Boolean).slice(0, MOST);
  const list = useLoad((signal) => get('runs?limit=100', signal), []);
  const set = (runs) => replace(['compare'], { runs: runs.join(',') });
  const loaded = useLoad(async (signal) => Promise.all(chosen.map(async (id) => {
    const [plan, metrics, verdict] = await Promise.all([get(`${at(id)}/plan`, signal), get(`${at(id)}/metrics?points=600`, signal), get(`${at(id)}/verdict`, signal).catch((error) => { if (error.status === 404) return null; throw error; })]);
    return { id, plan, metrics, verdict };
  })), [chosen.join()]);
  // In pairs where they answered the same problems, which takes a moment longer.
  const paired = useLoad(async (signal) => {
    const [first, ...others] = loaded.data ?? [];
    const comparable = others.filter((run) => !incomparable(first, run));
    return new Map(await Promise.all(comparable.map(async (run) => [run.id, await get(`${at(run.id)}/differences?to=${encodeURIComponent(first.id)}`, signal)])));
  }, [loaded.data]);
  const runs = loaded.data ?? [];
  return html`
    <${Page} title="Compare">
      <div class="filters" role="group" aria-label="Which runs">
        ${chosen.map((id) => html`<span class="chip"><a href=${link(['run', id])}><${Text} text=${id} /></a><button type="button" aria-label=${`Leave ${id} out`} onClick=${() => set(chosen.filter((one) => one !== id))}>×</button></span>`)}
        ${chosen.length < MOST && html`<label class="field"><span>Add a run</span><select value="" onChange=${(event) => { if (event.target.value) set([...chosen, event.target.value]); }}>
          <option value="">choose …</option>${(list.data?.runs ?? []).filter((run) => !chosen.includes(run.id)).map((run) => html`<option value=${run.id}>${run.id}</option>`)}</select></label>`}
      </div>
      <${Problem} error=${loaded.error ?? list.error} />
      ${chosen.length === 0 ? html`<${Empty}>Choose two or more runs.<//>` : !loaded.data && !loaded.error ? html`<${Loading} />` : runs.length === 0 ? null : html`
        <${Accuracies} runs=${runs} paired=${paired} />
        <${Section} title="Curves"><${Curves} of=${runs.map((run) => ({ ...run, prefix: runs.length > 1 ? `${run.id} ` : '' }))} /><//>
        ${runs.length > 1 && html`<${Section} title=${`Plans: ${runs[1].id} beside ${runs[0].id}`}><${Differences} rows=${differences(runs[0].plan.plan, runs[1].plan.plan)} one=${runs[0].id} other=${runs[1].id} /><//>`}`}
    <//>`;
}

// Why two runs' figures are not of the same thing; null where they are.
export function incomparable(one, other) {
  if (!one.verdict || !other.verdict) return 'One of them has not concluded.';
  const [first, second] = [one.plan.plan.evaluation, other.plan.plan.evaluation];
  const same = (name, a, b) => (JSON.stringify(a) === JSON.stringify(b) ? null : name);
  const differs = [same('their first benchmarks', first.benchmarks[0], second.benchmarks[0]), same('their primary metrics', first.primaryMetric, second.primaryMetric), same('their samples a problem', first.samples, second.samples), same('their bases', one.plan.plan.base, other.plan.plan.base), same('their budgets', one.plan.plan.budget, other.plan.plan.budget)].filter(Boolean);
  return differs.length ? `Not comparable: ${differs.join(', ')} differ.` : null;
}

function Accuracies({ runs, paired }) {
  const first = runs[0];
  const arms = [...new Set(runs.flatMap((run) => run.verdict?.arms.map((arm) => arm.arm) ?? []))];
  const of = (run, arm) => run.verdict?.arms.find((one) => one.arm === arm)?.benchmarks.find((one) => one.name === run.verdict.benchmark)?.[run.verdict.primaryMetric];
  if (arms.length === 0) return html`<${Section} title="Accuracy"><${Empty}>None of them has concluded.<//><//>`;
  return html`
    <${Section} title="Accuracy" aside=${html`<span class="quiet">primary metric on each run’s first benchmark; differences to ${first.id} in points</span>`}>
      ${runs.slice(1).map((run) => { const why = incomparable(first, run); return why && html`<p class="note"><${Text} text=${run.id} />: ${why}</p>`; })}
      <${Scroll} label="Accuracy"><table><thead><tr><th scope="col">Arm</th>${runs.map((run) => html`<th scope="col"><${Text} text=${run.id} /></th>`)}${runs.slice(1).map((run) => html`<th scope="col">Difference of <${Text} text=${run.id} /></th>`)}</tr></thead>
        <tbody>${arms.map((arm) => html`<tr><th scope="row"><${Text} text=${arm} /></th>${runs.map((run) => { const one = of(run, arm); return html`<td>${one ? html`${percent(one.value)}<small>${percent(one.low)} to ${percent(one.high)}</small><${Interval} of=${one} />` : '–'}</td>`; })}
          ${runs.slice(1).map((run) => html`<td>${incomparable(first, run) ? html`<span class="quiet">not comparable</span>` : paired.loading || (!paired.data && !paired.error) ? '…' : html`<${Difference} one=${of(first, arm)} other=${of(run, arm)} pair=${paired.data?.get(run.id)?.arms.find((one) => one.arm === arm)} />`}</td>`)}</tr>`)}</tbody></table><//>
      ${runs.length > 1 && html`<p class="quiet">In pairs: both runs answered the same problems under the same training seeds, and differences are taken problem by problem, with the bootstrap of the verdicts, seeds and problems resampled. Independent: there are no pairs, and the half widths of both intervals are added as squares.</p>`}
      <${Problem} error=${paired.error} />
    <//>`;
}

function Difference({ one, other, pair }) {
  if (!one || !other) return '–';
  const told = (value, low, high, how, why) => html`<span data-how=${how}>${points(value)}</span><small>${points(low)} to ${points(high)}${low > 0 ? ', above' : high < 0 ? ', below' : ', either way'}</small><small title=${why}>${how === 'pairs' ? `in pairs: ${why}` : `independent${why ? `: ${why}` : ''}`}</small>`;
  if (pair?.difference) return told(pair.difference.value, pair.difference.low, pair.difference.high, 'pairs', `${count(pair.problems, 'problem')}, ${count(pair.seeds.length, 'seed')}`);
  const value = other.value - one.value;
  const low = value - Math.hypot(other.value - other.low, one.high - one.value);
  const high = value + Math.hypot(other.high - other.value, one.value - one.low);
  return told(value, low, high, 'independent', pair?.unpaired);
}
