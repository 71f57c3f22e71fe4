import { useMemo } from 'preact/hooks';
import { get } from '../api.js';
import { Badge, Empty, Facts, html, Loading, Page, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { instant, percent } from '../text.js';
import { link } from '../route.js';
import { Chart, colourOf } from '../chart.js';

export function Schedules() {
  const list = useLoad((signal) => get('schedules', signal), [], 10000);
  const schedules = list.data?.schedules;
  return html`
    <${Page} title="Schedules">
      <${Problem} error=${list.error} />
      ${!schedules ? !list.error && html`<${Loading} />` : schedules.length === 0 ? html`<${Empty}>None. <code>PUT /api/schedules/{name}</code> makes one.<//>` : html`
        <${Scroll} label="Schedules"><table><thead><tr><th scope="col">Name</th><th scope="col">When</th><th scope="col">Next</th><th scope="col">Newest run</th><th scope="col">Regressions</th></tr></thead>
          <tbody>${schedules.map((one) => html`<tr><th scope="row"><a href=${link(['schedules', one.name])}><${Text} text=${one.name} /></a></th><td class="mono">${one.fault ? html`<span class="bad-text"><${Text} text=${one.fault} /></span>` : `${one.cron} ${one.timeZone ?? ''}`}</td><td>${instant(one.next)}</td>
            <td>${one.last ? html`<a href=${link(['run', one.last.run])}>${one.last.run}</a>` : '–'}</td><td>${one.last?.regressions?.length ? html`<${Badge} kind="bad">${one.last.regressions.length}<//>` : '–'}</td></tr>`)}</tbody></table><//>`}
    <//>`;
}

export function Schedule({ name }) {
  const loaded = useLoad((signal) => get(`schedules/${encodeURIComponent(name)}`, signal), [name], 10000);
  const one = loaded.data;
  const trend = useMemo(() => {
    const arms = one?.trend ?? [];
    const times = [...new Set(arms.flatMap((arm) => arm.points.map((point) => point.scheduled)))].sort();
    return {
      xs: times.map((_, i) => i + 1),
      arms: arms.map((arm) => {
        const at = (of) => times.map((time) => { const point = arm.points.find((night) => night.scheduled === time); return point ? of(point) : null; });
        return { name: arm.arm, seeds: 2, mean: at((point) => point.value), low: at((point) => point.low), high: at((point) => point.high) };
      }),
    };
  }, [one]);
  return html`
    <${Page} name=${name} title=${html`<${Text} text=${name} />`} trail=${html`<a href="#/schedules">Schedules</a> / <span>${name}</span>`}>
      <${Problem} error=${loaded.error} />
      ${!one ? !loaded.error && html`<${Loading} />` : html`
        <${Facts} of=${[['When', html`<span class="mono">${one.cron} ${one.timeZone ?? ''}</span>`], ['Next', instant(one.next)], ['While one runs', one.whenRunning ?? '–'], ['Made', instant(one.createdAt)]]} />
        <${Section} title="Trend">${trend.xs.length === 0 ? html`<${Empty}>No scheduled run has concluded.<//>` : html`<${Chart} title="Primary metric" note="night by night, with intervals" data=${trend} colours=${trend.arms.map((_, i) => colourOf(i))} axis="night" height=${220} format=${(value, digits) => percent(value, digits - 1)} />`}<//>
        <${Section} title="History"><${Scroll} label="History"><table><thead><tr><th scope="col">Scheduled</th><th scope="col">Run</th><th scope="col">Worse than before in</th></tr></thead>
          <tbody>${(one.history ?? []).map((night) => html`<tr class=${night.regressions?.length ? 'regressed' : ''}><td title=${night.scheduled}>${instant(night.scheduled)}</td><td><a href=${link(['run', night.run])}>${night.run}</a></td>
            <td>${night.regressions?.length ? night.regressions.map((text) => html`<div class="bad-text">▼ <${Text} text=${text} /></div>`) : '–'}</td></tr>`)}</tbody></table><//><//>`}
    <//>`;
}
