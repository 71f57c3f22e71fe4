import { useState } from 'preact/hooks';
import { get, query as written, run as at } from '../api.js';
import { Badge, Choice, Empty, Entry, html, Loading, Problem, Scroll, Text, useLoad } from '../view.js';
import { figure } from '../text.js';
import { link, replace } from '../route.js';

const GUARDS = ['length-collapse', 'ngram-repetition', 'block-repetition', 'skipped-computation', 'non-finite', 'regression'];

export function Trajectories({ id, query }) {
  const [pages, setPages] = useState([]);
  const plan = useLoad((signal) => get(`${at(id)}/plan`, signal), [id]);
  const arms = plan.data?.plan.arms ?? [];
  const untrained = arms.find((arm) => !arm.stages?.length)?.name;
  const source = query.source ?? 'benchmark';
  const against = source === 'benchmark' ? query.against ?? untrained : undefined;
  // First what the verdict is about.
  const arm = query.arm ?? (source === 'benchmark' ? plan.data?.plan.evaluation.curriculum : undefined);
  const asked = { ...query, source, arm: arm === '*' ? undefined : arm, against, pattern: against ? query.pattern : undefined, after: pages[pages.length - 1], limit: 50 };
  for (const name of source === 'benchmark' ? ['iteration', 'stage', 'guard', 'minReward', 'maxReward'] : source === 'validation' ? ['benchmark', 'guard', 'minReward', 'maxReward', 'against', 'pattern'] : ['benchmark', 'against', 'pattern'])
    delete asked[name];
  const list = useLoad((signal) => (plan.data ? get(`${at(id)}/trajectories${written(asked)}`, signal) : null), [id, JSON.stringify(asked), Boolean(plan.data)]);
  const change = (part) => { setPages([]); replace(['run', id, 'trajectories'], { ...query, ...part }); };
  const any = ['', 'any'];
  const seeds = plan.data?.plan.seeds ?? [];
  const benchmarks = plan.data?.plan.evaluation.benchmarks ?? [];
  return html`
    <div class="filters" role="search" aria-label="Which trajectories">
      <${Choice} label="From" value=${source} options=${[['benchmark', 'benchmarks'], ['validation', 'validation'], ['rollout', 'rollouts']]} onChange=${(value) => change({ source: value })} />
      <${Choice} label="Arm" value=${arm ?? '*'} options=${[['*', 'any'], ...arms.map((arm) => [arm.name, arm.name])]} onChange=${(arm) => change({ arm })} />
      <${Choice} label="Seed" value=${query.seed ?? ''} options=${[any, ...(untrained ? [['0', '0 (untrained)']] : []), ...seeds.map((seed) => [String(seed), String(seed)])]} onChange=${(seed) => change({ seed })} />
      <${Choice} label="Answer" value=${query.correct ?? ''} options=${[any, ['true', 'right'], ['false', 'wrong']]} onChange=${(correct) => change({ correct })} />
      ${source === 'benchmark' ? html`
        <${Choice} label="Benchmark" value=${query.benchmark ?? ''} options=${[any, ...benchmarks.map((one) => [one.name, one.name])]} onChange=${(benchmark) => change({ benchmark })} />
        <${Choice} label="Held against" value=${against ?? ''} options=${[['', 'nothing'], ...arms.map((arm) => [arm.name, arm.name])]} onChange=${(value) => change({ against: value })} />
        <${Choice} label="Pattern" value=${query.pattern ?? ''} options=${[any, ['won', `won: ${against ?? 'other'} wrong, this right`], ['lost', `lost: ${against ?? 'other'} right, this wrong`], ['both', 'both right'], ['neither', 'neither right']]} onChange=${(pattern) => change({ pattern })} />`
      : html`<${Entry} label="Iteration" type="number" value=${query.iteration} onChange=${(iteration) => change({ iteration })} />`}
      ${source === 'rollout' && html`
        <${Entry} label="Mean reward from" type="number" step="any" value=${query.minReward} onChange=${(minReward) => change({ minReward })} />
        <${Entry} label="to" type="number" step="any" value=${query.maxReward} onChange=${(maxReward) => change({ maxReward })} />
        <${Choice} label="Guard fired" value=${query.guard ?? ''} options=${[any, ...GUARDS.map((guard) => [guard, guard])]} onChange=${(guard) => change({ guard })} />`}
      <${Entry} label="Problem" value=${query.problem} placeholder="its id" onChange=${(problem) => change({ problem })} />
    </div>
    <${Problem} error=${plan.error ?? list.error} />
    ${!list.data ? !list.error && html`<${Loading} />` : list.data.trajectories.length === 0
      ? html`<${Empty}>${list.data.next ? 'None in what was read; the next page goes on.' : source === 'rollout' ? 'No group of this kind was kept. A stage that samples nothing, such as SFT, keeps none.' : 'No answer of this kind is there yet.'}<//>`
      : html`<${Scroll} label="Trajectories"><table class="wide">
        <thead><tr><th scope="col">Arm</th><th scope="col">${source === 'benchmark' ? 'Benchmark' : 'Iteration'}</th><th scope="col">Problem</th><th scope="col">${source === 'rollout' ? 'Best of the group' : 'Greedy answer'}</th><th scope="col">${source === 'rollout' ? 'Rewards' : 'Samples right'}</th><th scope="col">Answer</th></tr></thead>
        <tbody>${list.data.trajectories.map((entry) => html`<tr key=${entry.key} data-key=${entry.key}>
          <td class="whole"><${Text} text=${entry.arm} /> <span class="quiet">seed ${entry.seed}${entry.stage != null ? `, stage ${entry.stage + 1}` : ''}${entry.attempt ? `, attempt ${entry.attempt + 1}` : ''}</span></td>
          <td>${entry.benchmark ? html`<${Text} text=${entry.benchmark} />` : entry.iteration < 0 ? 'start' : entry.iteration}</td>
          <td class="mono"><a href=${link(['run', id, 'trajectory', entry.key], { against })}><${Text} text=${cut(entry.question ?? entry.problem, 90)} /></a>${entry.step != null && html`<small>step ${entry.step + 1}</small>`}</td>
          <td class="mono"><${Text} text=${cut(entry.text, 110)} /></td>
          <td>${entry.rewards ? html`<${Rewards} rewards=${entry.rewards} />` : html`<span class="whole">${entry.samplesCorrect} of ${entry.samples}</span>`}</td>
          <td><${Right} entry=${entry} /></td></tr>`)}</tbody>
      </table><//>`}
    <nav class="pager" aria-label="Pages of trajectories">
      <button type="button" disabled=${pages.length === 0} onClick=${() => setPages(pages.slice(0, -1))}>← Before</button><span>Page ${pages.length + 1}</span>
      <button type="button" disabled=${!list.data?.next} onClick=${() => setPages([...pages, list.data.next])}>After →</button>
    </nav>`;
}

export const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

export function Rewards({ rewards }) {
  const [least, most] = [Math.min(0, ...rewards), Math.max(1, ...rewards)];
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  return html`<span class="strip" role="img" aria-label=${`Rewards ${rewards.map((reward) => figure(reward, 3)).join(', ')}`}>${rewards.map((reward) => html`<i style=${{ height: `${Math.max(8, (100 * (reward - least)) / (most - least))}%` }} class=${reward < 0 ? 'below' : ''}></i>`)}</span><small>mean ${figure(mean, 3)}</small>`;
}

const PATTERNS = { won: ['good', 'won'], lost: ['bad', 'lost'], both: ['idle', 'both right'], neither: ['idle', 'neither right'] };

export function Right({ entry }) {
  return html`${entry.correct == null ? null : html`<${Badge} kind=${entry.correct ? 'good' : 'bad'}>${entry.correct ? 'right' : 'wrong'}<//>`}
    ${entry.pattern && ['won', 'lost'].includes(entry.pattern) && html` <${Badge} kind=${PATTERNS[entry.pattern][0]}>${PATTERNS[entry.pattern][1]}<//>`}
    ${entry.admitted != null && html` <${Badge} kind=${entry.admitted ? 'busy' : 'idle'}>${entry.admitted ? 'trained on' : entry.quarantined ? 'quarantined' : 'dropped'}<//>`}`;
}
