import { useState } from 'preact/hooks';
import { get, run as at } from '../api.js';
import { Badge, Facts, html, Loading, Page, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { count, figure } from '../text.js';
import { link } from '../route.js';
import { cut, Right } from './trajectories.js';

const TAGS = { sound: 'good', format: 'bad', 'false-premise': 'bad', 'false-rule': 'bad', calculator: 'bad' };

export function Trajectory({ id, name }) {
  const loaded = useLoad((signal) => get(`${at(id)}/trajectories/${encodeURIComponent(name)}`, signal), [id, name]);
  const detail = loaded.data;
  const entry = detail?.entry;
  const alone = detail?.completions.length === 1;
  const where = entry && (entry.source === 'benchmark' ? `${entry.arm}, seed ${entry.seed}, on ${entry.benchmark}` : `${entry.arm}, seed ${entry.seed}, stage ${entry.stage + 1}, ${entry.source === 'validation' ? 'validation after ' : ''}iteration ${entry.iteration}`);
  return html`
    <${Page} name="Trajectory" title="Trajectory" trail=${html`<a href="#/runs">Runs</a> / <a href=${link(['run', id])}><${Text} text=${id} /></a> / <a href=${link(['run', id, 'trajectories'], entry && { source: entry.source, arm: entry.arm, seed: entry.seed })}>Trajectories</a> / <span>${name}</span>`}>
      <${Problem} error=${loaded.error} />
      ${!detail ? !loaded.error && html`<${Loading} />` : html`
        <p class="line"><${Right} entry=${entry} /> <span><${Text} text=${where} /></span></p>
        <div class=${alone ? 'split three' : 'split'}>
          <${Section} title="Problem">
            <p class="question mono"><${Text} text=${entry.question ?? entry.problem} line=${false} /></p>
            <${Facts} of=${[['Id', html`<${Text} text=${entry.problem} />`], detail.problem && ['Answer', html`<span class="mono"><${Text} text=${detail.problem.answer} /></span>`], detail.problem && ['Family', detail.problem.family], detail.problem?.difficulty && ['Difficulty', detail.problem.difficulty],
              entry.samples != null && ['Samples right', `${entry.samplesCorrect} of ${entry.samples}`], detail.groupsSampled && ['Groups of the iteration', detail.groupsSampled]]} />
          <//>
          <${Section} title="Expert’s steps">
            ${!detail.problem?.steps?.length ? html`<p class="empty">There is no expert’s solution.</p>` : html`<ol class="steps">${detail.problem.steps.map((step, i) => html`
              <li class=${entry.step === i ? 'asked' : ''}><span class="mono"><${Text} text=${step} line=${false} /></span>${entry.step === i && html` <${Badge} kind="busy">asked for<//>`}${entry.step != null && i < entry.step && html` <span class="quiet">given</span>`}</li>`)}</ol>`}
          <//>
          ${alone && html`<${Section} title="The policy’s steps"><${Completion} completion=${detail.completions[0]} alone expert=${detail.problem?.steps} step=${entry.step} /><//>`}
        </div>
        ${!alone && html`<${Section} title=${`The group, ${count(detail.completions.length, 'completion')} side by side`}>
          <div class="group" role="group" aria-label="Completions" tabindex="0">${detail.completions.map((completion, i) => html`<${Completion} completion=${completion} number=${i + 1} expert=${detail.problem?.steps} step=${entry.step} />`)}</div>
        <//>`}
        ${entry.source === 'benchmark' && entry.samples > 0 && html`<${Section} title=${`Its ${count(entry.samples, 'sample')}${detail.samples ? ', side by side' : ''}`}>
          ${detail.samples ? html`<div class="group" role="group" aria-label="Samples" tabindex="0">${detail.samples.map((completion, i) => html`<${Completion} completion=${completion} number=${i + 1} expert=${detail.problem?.steps} step=${null} sampled />`)}</div>`
            : html`<p class="empty">Their texts were not kept: a result keeps up to a mebibyte of them, or was stored before they were.</p>`}
        <//>`}
        ${detail.others.length > 0 && html`<${Section} title="Every arm’s answer to this problem">
          <${Scroll} label="Answers"><table><thead><tr><th scope="col">Arm</th><th scope="col" class="num">Seed</th><th scope="col">Greedy answer</th><th scope="col" class="num">Samples right</th><th scope="col">Answer</th></tr></thead>
            <tbody>${detail.others.map((other) => html`<tr class=${other.key === entry.key ? 'current' : ''}><th scope="row"><${Text} text=${other.arm} /></th><td class="num">${other.seed}</td>
              <td class="mono"><a href=${link(['run', id, 'trajectory', other.key])} aria-current=${other.key === entry.key ? 'true' : null}><${Text} text=${cut(other.text || '(nothing)', 140)} /></a></td><td class="num">${other.samplesCorrect} of ${other.samples}</td><td><${Right} entry=${other} /></td></tr>`)}</tbody></table><//>
        <//>`}`}
    <//>`;
}

function Completion({ completion, number, alone, expert, step, sampled }) {
  const { verifier } = completion;
  return html`
    <article class="completion" aria-label=${alone ? 'The completion' : `${sampled ? 'Sample' : 'Completion'} ${number}`}>
      <header>${!alone && html`<strong>${number}</strong>`}
        ${sampled && html`<${Badge} kind=${completion.correct ? 'good' : 'bad'}>${completion.correct ? 'right' : 'wrong'}<//>`}
        ${completion.reward != null && html`<span>reward <b>${figure(completion.reward, 3)}</b></span>`}
        ${completion.penalty != null && html`<span>penalty <b>${figure(completion.penalty, 3)}</b></span>`}
        ${completion.advantage != null && html`<span class=${completion.advantage < 0 ? 'bad-text' : 'good-text'}>advantage <b>${completion.advantage > 0 ? '+' : ''}${figure(completion.advantage, 3)}</b></span>`}
        ${completion.terminated === false && html`<${Badge} kind="held">cut off<//>`}
      </header>
      ${completion.monologue != null && html`<details><summary>Monologue, ${count([...completion.monologue].length, 'character')}</summary><p class="mono pre"><${Text} text=${completion.monologue} line=${false} /></p></details>`}
      <ol class="steps">${completion.steps.map((one, i) => html`<li class=${one.tag && one.tag !== 'sound' ? 'wrong' : ''}><span class="mono">${one.text ? html`<${Text} text=${one.text} line=${false} />` : html`<em>passed over</em>`}</span>
        ${one.tag && one.tag !== 'sound' && html` <${Badge} kind=${TAGS[one.tag]}>${one.tag}<//>`}${step == null && one.tag === 'sound' && expert?.[i] === one.text && html` <span class="quiet">as the expert</span>`}</li>`)}</ol>
      ${completion.steps.length === 0 && html`<p class="empty">Nothing was written.</p>`}
      <p class="reading">${verifier ? html`<${Badge} kind=${verifier.correct ? 'good' : 'bad'}>${verifier.correct ? 'right' : 'refused'}<//> ${verifier.reason ? html`<${Text} text=${verifier.reason} />` : html`read <span class="mono"><${Text} text=${verifier.answer ?? '–'} /></span>`}${verifier.correct && !verifier.stepsValid ? ', though not every step holds' : ''}`
        : completion.wellFormed === false ? html`<${Badge} kind="bad">malformed<//>` : ''}</p>
      ${completion.logProbs && html`<${Tokens} completion=${completion} />`}
    </article>`;
}

function Tokens({ completion }) {
  const [open, setOpen] = useState(false);
  const characters = [...completion.text];
  const written = characters.length === completion.tokens.length;
  return html`<details onToggle=${(event) => setOpen(event.target.open)}><summary>${count(completion.logProbs.length, 'token')}, log p ${figure(completion.logProbs.reduce((sum, one) => sum + one, 0), 3)}</summary>
    ${open && html`<div class="tokens">${completion.logProbs.map((one, i) => html`<span class="token" style=${{ '--p': Math.exp(one).toFixed(3) }} title=${`token ${completion.tokens[i]}: log-probability ${one.toFixed(3)}, probability ${(100 * Math.exp(one)).toFixed(1)} %`}><b>${written ? html`<${Text} text=${characters[i]} />` : completion.tokens[i]}</b><small>${one.toFixed(2)}</small></span>`)}</div>`}
  </details>`;
}
