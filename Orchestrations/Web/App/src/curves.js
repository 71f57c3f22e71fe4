// Small multiples of every figure, with their controls.
import { useMemo, useState } from 'preact/hooks';
import { html, Choice, Empty } from './view.js';
import { Chart, colourOf } from './chart.js';
import { FIGURES, bands, csv, linesOf } from './series.js';
import { save } from './api.js';

// From runs (a prefix and the run's metrics) to charts.
export function Curves({ of }) {
  const [axis, setAxis] = useState('iteration');
  const [log, setLog] = useState(false);
  const [weight, setWeight] = useState(0);
  const [hidden, setHidden] = useState(new Set());
  const names = useMemo(() => [...new Set(of.flatMap(({ prefix, metrics }) => metrics.attempts.map((attempt) => `${prefix}${attempt.arm}`)))], [of]);
  const charts = useMemo(() => FIGURES.map(([figure, title, note]) => {
    const lines = of.flatMap(({ prefix, metrics }) => linesOf(metrics, figure, axis, prefix)).filter((line) => !hidden.has(line.name));
    return { figure, title, note, data: bands(lines, weight) };
  }).filter((chart) => chart.data.xs.length > 0), [of, axis, weight, hidden]);
  if (names.length === 0) return html`<${Empty}>No iteration has ended yet.<//>`;
  const toggle = (arm) => setHidden((before) => {
    const after = new Set(before);
    if (!after.delete(arm)) after.add(arm);
    return after;
  });
  return html`
    <div class="filters" role="group" aria-label="How curves are drawn">
      <${Choice} label="Over" value=${axis} options=${[['iteration', 'iterations'], ['compute', 'compute units']]} onChange=${setAxis} />
      <label class="field"><span>Smoothing ${weight.toFixed(2)}</span><input type="range" min="0" max="0.98" step="0.02" value=${weight} onInput=${(event) => setWeight(Number(event.target.value))} /></label>
      <label class="check"><input type="checkbox" checked=${log} onChange=${(event) => setLog(event.target.checked)} />log scale</label>
      <span class="legend" role="group" aria-label="Arms">${names.map((arm, i) => html`
        <button type="button" class="arm" aria-pressed=${String(!hidden.has(arm))} onClick=${() => toggle(arm)}><i style=${{ background: colourOf(i) }}></i>${arm}</button>`)}</span>
      ${of.map(({ prefix, metrics, id }) => html`<button type="button" onClick=${() => save(`${id}.csv`, csv(metrics), 'text/csv')}>CSV${prefix && ` of ${prefix.replace(/ $/, '')}`}</button>`)}
    </div>
    <p class="quiet">Lines are means over seeds, bands reach from the least seed to the greatest. Drag across a chart to zoom, double-click to return.</p>
    <div class="charts">${charts.map((chart) => html`<${Chart} key=${chart.figure} ...${chart} log=${log} axis=${axis}
      colours=${chart.data.arms.map((arm) => colourOf(names.indexOf(arm.name)))} />`)}</div>`;
}
