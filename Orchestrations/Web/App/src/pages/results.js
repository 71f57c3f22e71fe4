import { get, run as at, save, text } from '../api.js';
import { Decision, Empty, html, Loading, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { percent, points } from '../text.js';
import { link } from '../route.js';
import { hasEnded } from './run.js';

export const estimate = (one) => (one ? `${percent(one.value)} (${percent(one.low)} to ${percent(one.high)})` : '–');

export function Interval({ of, from = 0, to = 1, mark }) {
  if (!of) return null;
  const x = (value) => 100 * Math.max(0, Math.min(1, (value - from) / (to - from)));
  return html`<svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=${estimate(of)}>
    ${mark != null && html`<line class="zero" x1=${x(mark)} x2=${x(mark)} y1="0" y2="12" />`}
    <line x1=${x(of.low)} x2=${x(of.high)} y1="6" y2="6" /><line class="value" x1=${x(of.value)} x2=${x(of.value)} y1="2" y2="10" /></svg>`;
}

export function Results({ id, run }) {
  const loaded = useLoad((signal) => (hasEnded(run) ? get(`${at(id)}/verdict`, signal) : null), [id, run.state]);
  if (!hasEnded(run)) return html`<${Empty}>The run has not concluded.<//>`;
  const verdict = loaded.data;
  if (!verdict) return html`<${Problem} error=${loaded.error} />${!loaded.error && html`<${Loading} />`}`;
  const names = verdict.benchmarks.map((one) => one.benchmark);
  const metric = verdict.primaryMetric;
  const widest = Math.max(0.05, ...verdict.comparisons.flatMap((one) => (one.difference ? [Math.abs(one.difference.low), Math.abs(one.difference.high)] : [])));
  return html`
    <${Section} title="Arms on the benchmarks" aside=${html`<span class="quiet">${metric} accuracy with ${percent(verdict.confidence, 0)} intervals</span> <button type="button" onClick=${async () => save(`${id}-report.html`, await text(`${at(id)}/report`), 'text/html')}>Download the report</button> <button type="button" onClick=${() => save(`${id}-verdict.json`, JSON.stringify(verdict, null, 2), 'application/json')}>verdict.json</button>`}>
      <${Scroll} label="Accuracy"><table><thead><tr><th scope="col">Arm</th>${names.map((name) => html`<th scope="col" class="num"><${Text} text=${name} /></th><th scope="col"><span class="hidden">Interval on ${name}</span></th>`)}<th scope="col">Seeds</th></tr></thead>
        <tbody>${verdict.arms.map((arm) => html`<tr data-arm=${arm.arm}><th scope="row"><${Text} text=${arm.arm} /><small>${arm.methods.join(' → ') || 'not trained'}</small></th>
          ${names.map((name) => { const row = arm.benchmarks.find((one) => one.name === name); return html`<td class="num" data-benchmark=${name}>${row ? html`<a href=${link(['run', id, 'trajectories'], { source: 'benchmark', arm: arm.arm, benchmark: name })}>${percent(row[metric].value)}</a><small>${percent(row[metric].low)} to ${percent(row[metric].high)}</small>` : '–'}</td><td><${Interval} of=${row?.[metric]} /></td>`; })}
          <td>${arm.seeds.map((seed) => html`<span class="seed">${seed.seed}: ${percent(metric === 'sampled' ? seed.benchmarks[0]?.sampled : seed.benchmarks[0]?.greedy?.value)}</span> `)}</td></tr>`)}</tbody></table><//>
    <//>
    <${Section} title="Comparisons" aside=${html`<span class="quiet">on ${verdict.benchmark}, in points, smallest interesting difference ${points(verdict.smallestInterestingDifference)}</span>`}>
      ${verdict.comparisons.length === 0 ? html`<${Empty}>Nothing is compared.<//>` : html`<${Scroll} label="Comparisons"><table><thead><tr><th scope="col">Curriculum</th><th scope="col">Against</th><th scope="col" class="num">Difference</th><th scope="col">Interval</th><th scope="col" class="num">p, adjusted</th><th scope="col">Decision</th><th scope="col">Why</th></tr></thead>
        <tbody>${verdict.comparisons.map((one) => html`<tr><th scope="row"><${Text} text=${one.curriculum} /></th><td><${Text} text=${one.against} /></td><td class="num">${one.difference ? html`<a href=${link(['run', id, 'trajectories'], { source: 'benchmark', arm: one.curriculum, against: one.against, benchmark: verdict.benchmark, pattern: 'won' })}>${points(one.difference.value)}</a><small>${points(one.difference.low)} to ${points(one.difference.high)}</small>` : '–'}</td>
          <td><${Interval} of=${one.difference} from=${-widest} to=${widest} mark=${0} /></td><td class="num">${one.adjustedPValue == null ? '–' : one.adjustedPValue < 0.001 ? '< 0.001' : one.adjustedPValue.toFixed(3)}</td><td><${Decision} decision=${one.decision} /></td><td>${(one.reasons ?? []).map((reason) => html`<div><${Text} text=${reason} /></div>`)}</td></tr>`)}</tbody></table><//>`}
    <//>
    <${Section} title="Caveats">${verdict.caveats.length === 0 ? html`<${Empty}>None.<//>` : html`<ul>${verdict.caveats.map((caveat) => html`<li><${Text} text=${caveat} /></li>`)}</ul>`}<//>`;
}
