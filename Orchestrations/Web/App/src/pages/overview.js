import { get, run as at } from '../api.js';
import { Badge, Empty, html, Loading, Outcome, outcomeKind, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { age, compact, count, figure, instant, percent } from '../text.js';
import { link } from '../route.js';
import { itemLink, Told } from './item.js';

export function Overview({ run, open }) {
  const metrics = useLoad((signal) => get(`${at(run.id)}/metrics?points=1`, signal), [run.id, open], open ? 5000 : 0);
  return html`
    <${Problem} error=${metrics.error} />
    <${Timeline} run=${run} attempts=${metrics.data?.attempts} />
    ${open && html`<${Waits} id=${run.id} />`}
    <${Arms} run=${run} />
    <${Outcomes} attempts=${metrics.data?.attempts} id=${run.id} />
    <${Section} title="Incidents" aside=${html`<span class="quiet">what went wrong and was mended, or not</span>`}>
      ${!run.incidents ? html`<${Empty}>None.<//>` : html`<ul class="log">${[...run.incidents].reverse().map((incident) => html`
        <li><time datetime=${incident.at} title=${instant(incident.at)}>${age(incident.at)}</time> <${Told} text=${incident.what} /></li>`)}</ul>`}
    <//>`;
}

const METHODS = { srl: 'SRL', rlvr: 'RLVR', sft: 'SFT', 'expert-iteration': 'EI', 'best-of-n': 'BoN', 'return-conditioned': 'RC' };

function Timeline({ run, attempts }) {
  if (!attempts) return html`<${Section} title="Timeline"><${Loading} /><//>`;
  const rows = new Map();
  for (const attempt of attempts) {
    const name = `${attempt.arm} ${attempt.seed}`;
    if (!rows.has(name)) rows.set(name, { arm: attempt.arm, seed: attempt.seed, parts: [] });
    rows.get(name).parts.push(attempt);
  }
  if (rows.size === 0) return html`<${Section} title="Timeline"><${Empty}>No stage has begun.<//><//>`;
  const widest = Math.max(...[...rows.values()].map((row) => row.parts.reduce((sum, part) => sum + part.compute, 0)), 1);
  return html`
    <${Section} title="Timeline" aside=${html`<span class="quiet">a bar for each attempt at a stage, as long as the compute that it spent</span>`}>
      <div class="timeline">${[...rows.values()].map((row) => html`
        <div class="lane"><span class="lane-name"><${Text} text=${row.arm} /> <span class="quiet">seed ${row.seed}</span></span>
          <span class="lane-bars">${row.parts.map((part) => html`<a class=${`part ${outcomeKind(part.outcome)}`} style=${{ width: `max(44px, ${(100 * part.compute) / widest}%)` }}
            href=${link(['run', run.id, 'trajectories'], { source: 'rollout', arm: part.arm, seed: part.seed, stage: part.stage })}
            title=${`${METHODS[part.method] ?? part.method}, stage ${part.stage + 1}${part.attempt ? `, attempt ${part.attempt + 1}` : ''}: ${count(part.iterations, 'iteration')}, ${part.outcome ?? 'under way'}. ${part.reason ?? ''}${part.gate && part.gate !== 'advance' ? ` Gate: ${part.gateReason}` : ''}`}>
            ${METHODS[part.method] ?? part.method} <small>${part.iterations}</small>${part.alarms.length > 0 ? html`<span class="flag" title="a guard fired">⚑</span>` : ''}${part.gate && part.gate !== 'advance' ? html`<span class="flag" title=${part.gateReason}>⊣</span>` : ''}</a>`)}</span></div>`)}
      </div>
      <p class="keyline"><span class="sample good"></span>completed <span class="sample held"></span>starved or stopped <span class="sample bad"></span>failed <span class="sample busy"></span>under way <span class="flag">⚑</span> a guard fired <span class="flag">⊣</span> its gate held</p>
    <//>`;
}

function Waits({ id }) {
  const queue = useLoad((signal) => get(`queue?run=${encodeURIComponent(id)}`, signal), [id], 3000);
  const waits = queue.data?.waits ?? [];
  return html`
    <${Section} title="Waiting for">
      <${Problem} error=${queue.error} />
      ${!queue.data ? html`<${Loading} />` : waits.length === 0 ? html`<${Empty}>Nothing at the moment.<//>` : html`<${WaitTable} waits=${waits} />`}
    <//>`;
}

export function WaitTable({ waits, withRun }) {
  return html`
    <${Scroll} label="What is waited for"><table>
      <thead><tr>${withRun && html`<th scope="col">Run</th>`}<th scope="col">Who waits</th><th scope="col">Since</th><th scope="col">Item</th><th scope="col">State</th><th scope="col">Worker</th><th scope="col">Why it is not there yet</th></tr></thead>
      <tbody>${waits.flatMap((wait) => (wait.items.length > 0 ? wait.items : [null]).map((item) => html`
        <tr>${withRun && html`<td><a href=${link(['run', wait.run])}>${wait.run}</a></td>`}
          <td>${who(wait)}</td><td title=${instant(item?.sentAt ?? wait.since)}>${age(item?.sentAt ?? wait.since)}</td>
          <td>${item ? html`<a href=${itemLink(item.id)}>${item.kind}</a><small><${Text} text=${item.id.split('/').slice(5).join('/')} /></small>` : '–'}</td>
          <td>${item && html`<${Badge} kind=${{ running: 'busy', stalled: 'bad' }[item.state] ?? 'idle'}>${item.state}<//>`}</td>
          <td><${Text} text=${item?.worker ?? '–'} /> ${item?.progress != null ? percent(item.progress, 0) : ''}</td>
          <td><${Told} text=${item?.reason ?? wait.description ?? 'It has not been looked at yet.'} /></td></tr>`))}</tbody>
    </table><//>`;
}

const SCOPES = { '@base': 'the base', '@audit': 'the audit of the base', '@votes': 'the votes on labels', '@queue': 'the run, for its turn' };
const who = (wait) => SCOPES[wait.scope] ?? html`<${Text} text=${wait.scope} /> <span class="quiet">seed ${wait.seed}, stage ${wait.stage + 1}</span>`;

function Arms({ run }) {
  const arms = (run.arms ?? []).filter((arm) => !arm.arm.startsWith('@'));
  if (arms.length === 0) return null;
  return html`
    <${Section} title="Arms">
      <${Scroll} label="Arms"><table>
        <thead><tr><th scope="col">Arm</th><th scope="col" class="num">Seed</th><th scope="col">Stage</th><th scope="col" class="num">Iteration</th><th scope="col" class="num">Reward</th><th scope="col" class="num">Useful</th><th scope="col" class="num">Validation</th><th scope="col" class="num">Tokens/s</th><th scope="col" class="num">Budget spent</th><th scope="col" class="num">Tokens</th><th scope="col">State</th></tr></thead>
        <tbody>${arms.map((arm) => html`<tr data-arm=${`${arm.arm}/${arm.seed}`}>
          <th scope="row"><${Text} text=${arm.arm} /></th><td class="num">${arm.seed}</td><td>${arm.stages ? `${arm.stage + 1} of ${arm.stages}, ${METHODS[arm.method] ?? arm.method ?? ''}` : '–'}</td>
          <td class="num">${arm.iteration}</td><td class="num" data-figure="meanReward">${figure(arm.meanReward)}</td><td class="num">${percent(arm.usefulGroups, 0)}</td><td class="num" data-figure="validation">${percent(arm.validationAccuracy)}</td>
          <td class="num">${compact(arm.tokensPerSecond && Math.round(arm.tokensPerSecond))}</td><td class="num">${arm.budget ? percent(arm.spent / arm.budget, 0) : '–'}</td><td class="num">${compact(arm.usage?.tokens)}</td>
          <td><${Outcome} outcome=${arm.outcome} />${arm.waiting && !arm.outcome && html`<small class="clip" title=${arm.waiting}><${Text} text=${arm.waiting} /></small>`}</td></tr>`)}</tbody>
      </table><//>
    <//>`;
}

function Outcomes({ attempts, id }) {
  const told = (attempts ?? []).filter((attempt) => attempt.outcome || attempt.alarms.length);
  if (told.length === 0) return null;
  return html`
    <${Section} title="Outcomes, gates and guards">
      <${Scroll} label="Outcomes"><table>
        <thead><tr><th scope="col">Arm</th><th scope="col">Stage</th><th scope="col" class="num">Iterations</th><th scope="col" class="num">Updates</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead>
        <tbody>${told.map((attempt) => html`<tr>
          <th scope="row"><${Text} text=${attempt.arm} /> <span class="quiet">seed ${attempt.seed}</span></th>
          <td>${attempt.stage + 1}, ${METHODS[attempt.method] ?? attempt.method}${attempt.attempt ? `, attempt ${attempt.attempt + 1}` : ''}</td>
          <td class="num">${attempt.iterations}</td><td class="num">${attempt.updates}</td><td><${Outcome} outcome=${attempt.outcome} /></td>
          <td><${Told} text=${attempt.reason ?? ''} />${attempt.gate && html` <span class="quiet">Gate: ${attempt.gate}.</span>`}${attempt.gate && attempt.gate !== 'advance' && html` <${Text} text=${attempt.gateReason} />`}
            ${alarmed(attempt, id)}</td></tr>`)}</tbody>
      </table><//>
    <//>`;
}

// A guard that fires again and again is told once.
function alarmed(attempt, id) {
  const byGuard = new Map();
  for (const alarm of attempt.alarms) byGuard.set(alarm.guard, [...(byGuard.get(alarm.guard) ?? []), alarm]);
  return [...byGuard.values()].map((alarms) => html`<small>⚑ <a href=${link(['run', id, 'trajectories'], { source: 'rollout', arm: attempt.arm, seed: attempt.seed, stage: attempt.stage, guard: alarms[0].guard })}>${alarms[0].guard}</a>
    ${alarms.length > 1 ? ` at ${alarms.length} iterations, first` : ''} at iteration ${alarms[0].iteration}, led to ${alarms[0].action}: <${Text} text=${alarms[0].message} /></small>`);
}
