import { useEffect, useMemo, useState } from 'preact/hooks';
import { get, query as written } from '../api.js';
import { Bar, Choice, Decision, Empty, Entry, html, Loading, Page, Problem, Scroll, State, Text, useLoad } from '../view.js';
import { age, compact, count, duration, instant, money } from '../text.js';
import { go, link, replace } from '../route.js';

const STATES = ['pending', 'running', 'paused', 'suspended', 'canceling', 'completed', 'canceled', 'failed', 'purging', 'unreadable'];

export const progressOf = (run) => {
  if (['completed', 'failed', 'canceled'].includes(run.state)) return 1;
  const whole = run.trainings * run.budgetPerArm;
  return whole ? (run.arms ?? []).filter((arm) => arm.budget).reduce((sum, arm) => sum + (arm.outcome && arm.stage + 1 === arm.stages ? arm.budget : Math.min(arm.spent, arm.budget)), 0) / whole : 0;
};

// By id and by time the app orders all runs; by what it would have to read of each, the page orders its own.
const COLUMNS = [
  ['Run', (run) => run.id, [undefined, 'id']],
  ['State', (run) => run.state],
  ['Verdict', (run) => run.decision ?? ''],
  ['Progress', progressOf],
  ['Tokens', (run) => run.usage?.tokens ?? 0],
  ['Worker time', (run) => run.usage?.workerSeconds ?? 0],
  ['Cost so far', (run) => run.cost?.amount ?? 0],
  ['Submitted', (run) => run.submittedAt, [undefined, 'oldest']],
];

export function Runs({ query }) {
  const [pages, setPages] = useState([]);
  const [chosen, setChosen] = useState(new Set());
  const [sorted, setSorted] = useState(null);
  const asked = { search: query.search, state: query.state, order: query.order, before: pages[pages.length - 1], limit: 25 };
  const on = [query.search, query.state, query.order, pages.length];
  const change = (part) => { setPages([]); replace(['runs'], { ...query, ...part }); };
  // The list comes first and fast; arms and usage come after it.
  const list = useLoad((signal) => get(`runs${written(asked)}`, signal), on, 10000);
  const full = useLoad((signal) => (list.data ? get(`runs${written({ ...asked, arms: true })}`, signal) : null), [...on, Boolean(list.data)], 5000);
  const [seen, setSeen] = useState(null);
  const settled = !list.loading && list.data ? list.data : null;
  useEffect(() => { if (settled) setSeen(settled); }, [settled]);
  const known = useMemo(() => new Map((full.data?.runs ?? []).map((run) => [run.id, run])), [full.data]);
  const shown = (settled ?? seen)?.runs.map((run) => ({ ...run, ...(known.get(run.id) ?? {}) }));
  const rows = sorted && shown ? [...shown].sort((a, b) => {
    const of = COLUMNS[sorted.column][1];
    const [one, other] = [of(a), of(b)];
    return (one < other ? -1 : one > other ? 1 : 0) * sorted.way;
  }) : shown;
  const next = (settled ?? seen)?.next;
  const order = (column, orders) => {
    if (!orders) return setSorted(sorted?.column === column ? (sorted.way > 0 ? { column, way: -1 } : null) : { column, way: 1 });
    setSorted(null);
    return change({ order: orders[(orders.indexOf(query.order) + 1) % orders.length] });
  };
  // Which way a column is sorted, if it is; the newest come first of themselves.
  const wayOf = (column, name) => (sorted ? (sorted.column === column ? sorted.way : 0) : { Run: query.order === 'id' ? 1 : 0, Submitted: query.order === 'oldest' ? 1 : query.order === 'id' ? 0 : -1 }[name] ?? 0);
  const choose = (id) => setChosen((before) => { const after = new Set(before); if (!after.delete(id)) after.add(id); return after; });

  return html`
    <${Page} title="Runs" actions=${html`<button type="button" disabled=${chosen.size < 2} onClick=${() => go(['compare'], { runs: [...chosen].join(',') })}>Compare ${chosen.size > 1 ? count(chosen.size, 'run') : 'chosen runs'}</button>`}>
      <div class="filters" role="search">
        <${Entry} label="Search" value=${query.search} placeholder="part of a run’s id" onChange=${(search) => change({ search })} />
        <${Choice} label="State" value=${query.state ?? ''} options=${[['', 'any'], ...STATES.map((state) => [state, state])]} onChange=${(state) => change({ state })} />
        <${Choice} label="Order" value=${query.order ?? 'newest'} options=${[['newest', 'newest first'], ['oldest', 'oldest first'], ['id', 'by id']]} onChange=${(order) => change({ order })} />
      </div>
      <${Problem} error=${list.error ?? full.error} />
      ${!rows ? html`<${Loading} />` : rows.length === 0 ? html`<${Empty}>No run${query.search || query.state ? ' of this kind' : ' yet'}. ${next ? 'There may be some on the next page.' : html`<code>POST /api/runs</code> or <code>dotnet run local.cs</code> starts one.`}<//>` : html`
      <${Scroll} label="Runs">
        <table class="wide">
          <thead><tr><th scope="col"><span class="hidden">Choose</span></th>${COLUMNS.map(([name, , orders], column) => { const way = wayOf(column, name); return html`
            <th scope="col" aria-sort=${way > 0 ? 'ascending' : way < 0 ? 'descending' : null}>
              <button type="button" class="sort" title=${orders ? 'Orders all runs' : 'Sorts the runs of this page'} onClick=${() => order(column, orders)}>${name}${way > 0 ? ' ↑' : way < 0 ? ' ↓' : ''}</button></th>`; })}</tr></thead>
          <tbody>${rows.map((run) => html`
            <tr key=${run.id} data-run=${run.id}>
              <td><input type="checkbox" aria-label=${`Choose ${run.id}`} checked=${chosen.has(run.id)} onChange=${() => choose(run.id)} /></td>
              <td><a href=${link(['run', run.id])}><${Text} text=${run.name ?? run.id} /></a><small><${Text} text=${run.id} />${run.from && html` · ${run.from.retry ? 'retry' : 'fork'} of ${run.from.run}`}</small></td>
              <td><${State} state=${run.state} />${run.phase && html`<small class="clip" title=${run.phase}><${Text} text=${run.phase} /></small>`}</td>
              <td><${Decision} decision=${run.decision} />${run.headline && html`<small class="clip" title=${run.headline}><${Text} text=${run.headline} /></small>`}${run.failures && html`<small class="clip bad-text" title=${run.failures[0].text}><${Text} text=${run.failures[0].text} /></small>`}</td>
              <td>${run.arms ? html`<${Bar} share=${progressOf(run)} kind=${run.state === 'failed' ? 'bad' : run.state === 'completed' ? 'good' : 'busy'} label=${`${Math.round(100 * progressOf(run))} % of the budget`} /><small>${count(run.trainings, 'training')}</small>` : ''}</td>
              <td class="num">${run.usage ? compact(run.usage.tokens) : ''}</td>
              <td class="num">${run.usage ? duration(run.usage.workerSeconds) : ''}</td>
              <td class="num" title=${run.cost ? `on ${run.cost.machine}` : null}>${run.cost ? money(run.cost) : ''}</td>
              <td title=${instant(run.submittedAt)}>${age(run.submittedAt)}</td>
            </tr>`)}</tbody>
        </table>
      <//>`}
      ${sorted && (next || pages.length > 0) && html`<p class="note" role="status">Sorted by ${COLUMNS[sorted.column][0].toLowerCase()} among the ${rows?.length ?? 0} runs of this page alone. All runs are ordered by id or by the time at which they were submitted.</p>`}
      <nav class="pager" aria-label="Pages of runs">
        <button type="button" disabled=${pages.length === 0} onClick=${() => setPages(pages.slice(0, -1))}>← Before</button>
        <span>Page ${pages.length + 1}</span>
        <button type="button" disabled=${!next} onClick=${() => setPages([...pages, next])}>After →</button>
      </nav>
    <//>`;
}
