import { get, run as at } from '../api.js';
import { Badge, Choice, Empty, html, Loading, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { link, replace } from '../route.js';
import { hasEnded } from './run.js';

export function Checkpoints({ id, run, query }) {
  const ended = hasEnded(run);
  const loaded = useLoad(async (signal) => {
    const [list, verdict] = await Promise.all([get(`${at(id)}/checkpoints`, signal), ended ? get(`${at(id)}/verdict`, signal).catch((error) => { if (error.status === 404) return null; throw error; }) : null]);
    return { all: list.checkpoints, chosen: new Set((verdict?.arms ?? []).flatMap((arm) => arm.seeds.map((seed) => seed.chosenCheckpoint?.split('/').slice(1).join('/')))) };
  }, [id, ended]);
  if (!loaded.data) return html`<${Problem} error=${loaded.error} />${!loaded.error && html`<${Loading} />`}`;
  const { all, chosen } = loaded.data;
  const change = (part) => replace(['run', id, 'checkpoints'], { ...query, ...part });
  const shown = all.filter((one) => (!query.arm || one.arm === query.arm) && (!query.seed || String(one.seed) === query.seed));
  const options = (values) => [['', 'any'], ...[...new Set(values.map(String))].map((value) => [value, value])];
  return html`
    <div class="filters" role="search" aria-label="Which checkpoints">
      <${Choice} label="Arm" value=${query.arm ?? ''} options=${options([...all.map((one) => one.arm), ...(query.arm ? [query.arm] : [])])} onChange=${(arm) => change({ arm })} />
      <${Choice} label="Seed" value=${query.seed ?? ''} options=${options([...all.map((one) => one.seed), ...(query.seed ? [query.seed] : [])])} onChange=${(seed) => change({ seed })} />
    </div>
    <${Section} title="Checkpoints" aside=${html`<span class="quiet">those that are kept; an arm that does not train is the base itself and has none</span>`}>
      ${shown.length === 0 ? html`<${Empty}>None is kept.<//>` : html`<${Scroll} label="Checkpoints"><table>
        <thead><tr><th scope="col">Arm</th><th scope="col" class="num">Seed</th><th scope="col">Stage</th><th scope="col" class="num">After updates</th><th scope="col">Evaluated</th><th scope="col">What it wrote</th></tr></thead>
        <tbody>${shown.map((one) => { const name = [one.arm, one.seed, one.stage, one.attempt, one.updates].join('/'); return html`<tr data-checkpoint=${name} class=${chosen.has(name) ? 'current' : ''}>
          <th scope="row"><${Text} text=${one.arm} /></th><td class="num">${one.seed}</td><td>${one.stage + 1}${one.attempt ? `, attempt ${one.attempt + 1}` : ''}</td><td class="num">${one.updates}</td>
          <td>${chosen.has(name) && html`<${Badge} kind="good">chosen for its validation accuracy<//> <a href=${link(['run', id, 'trajectories'], { source: 'benchmark', arm: one.arm, seed: one.seed })}>its answers</a>`}</td>
          <td><a href=${link(['run', id, 'trajectories'], { source: 'validation', arm: one.arm, seed: one.seed, stage: one.stage })}>answers to the validation set</a></td></tr>`; })}</tbody></table><//>`}
    <//>`;
}
