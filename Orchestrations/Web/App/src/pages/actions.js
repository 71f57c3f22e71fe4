import { useState } from 'preact/hooks';
import { get, query as written, run as at, send } from '../api.js';
import { Confirm, html, Loading, Problem, useLoad } from '../view.js';
import { go } from '../route.js';
import { hasEnded } from './run.js';

export function Actions({ run, reload }) {
  const [open, setOpen] = useState(null);
  const close = (done) => { setOpen(null); if (done) reload(); };
  const can = {
    pause: ['pending', 'running'].includes(run.state),
    resume: run.state === 'paused',
    cancel: ['pending', 'running', 'paused'].includes(run.state),
    retry: ['failed', 'canceled'].includes(run.state),
    fork: hasEnded(run),
    purge: hasEnded(run) || run.state === 'unreadable',
  };
  const button = (name, words, kind) => can[name] && html`<button type="button" class=${kind} onClick=${() => setOpen(name)}>${words}</button>`;
  const started = async (path) => { const accepted = await send('POST', path); go(['run', accepted.id]); };
  return html`
    ${button('pause', 'Pause …')}${button('resume', 'Resume …')}${button('cancel', 'Cancel …', 'danger')}${button('retry', 'Retry …')}${button('fork', 'Fork …')}${button('purge', 'Purge …', 'danger')}
    ${open === 'pause' && html`<${Confirm} title="Pause this run?" label="Pause" onClose=${close} act=${() => send('POST', `${at(run.id)}/pause`)}>
      <p>Its workers let go of its items at their next progress mark. Nothing is lost: Resume lets it go on where it stands, and other runs go on meanwhile.</p><//>`}
    ${open === 'resume' && html`<${Confirm} title="Resume this run?" label="Resume" onClose=${close} act=${() => send('POST', `${at(run.id)}/resume`)}>
      <p>Workers take its items again, from where they stand.</p><//>`}
    ${open === 'cancel' && html`<${Confirm} title="Cancel this run?" label="Cancel the run" danger onClose=${close} act=${() => send('DELETE', at(run.id))}>
      <p>Training stops at the next progress mark; what was reached is evaluated and the run concludes as canceled. A cancellation is not taken back, but a canceled run can be retried.</p><//>`}
    ${open === 'retry' && html`<${Confirm} title="Retry what failed?" label="Retry" onClose=${close} act=${() => started(`${at(run.id)}/retry`)}>
      <p>A run of its own, <code>${run.id}-retry</code>, begins: each arm that failed goes on from its last whole checkpoint, arms that ended well are taken as they are, and every arm is evaluated. This run stays as it is.</p><//>`}
    ${open === 'fork' && html`<${Fork} run=${run} onClose=${close} />`}
    ${open === 'purge' && html`<${Confirm} title="Purge this run?" label="Delete everything" danger onClose=${close} act=${() => send('POST', `${at(run.id)}/purge`)}>
      <p>All data of <code>${run.id}</code> is deleted in the background, its verdict, report, checkpoints and trajectories included. It cannot be brought back.</p><//>`}`;
}

function Fork({ run, onClose }) {
  const loaded = useLoad(async (signal) => {
    const [plan, checkpoints] = await Promise.all([get(`${at(run.id)}/plan`, signal), get(`${at(run.id)}/checkpoints`, signal)]);
    return { text: JSON.stringify(plan.plan, null, 2), checkpoints: checkpoints.checkpoints };
  }, [run.id]);
  const [from, setFrom] = useState('');
  const [text, setText] = useState(null);
  const points = [...new Map((loaded.data?.checkpoints ?? []).map((point) => [`${point.stage}/${point.updates}`, point])).values()];
  const act = async () => {
    const [stage, updates] = from ? from.split('/') : [];
    const accepted = await send('POST', `${at(run.id)}/fork${written({ stage, updates })}`, text ?? loaded.data.text);
    go(['run', accepted.id]);
  };
  return html`
    <${Confirm} title="Fork this run?" label="Start the fork" onClose=${onClose} act=${act}>
      <p>A run of its own begins under the plan below: its arms go on from this run’s checkpoints, and what was spent before them counts toward the budget. The base, the training and validation problems and the budget’s unit must stay. This run stays as it is.</p>
      <${Problem} error=${loaded.error} />
      ${!loaded.data ? html`<${Loading} />` : html`
        <label class="field"><span>From</span><select value=${from} onChange=${(event) => setFrom(event.target.value)}>
          <option value="">each arm’s newest checkpoint</option>
          ${points.map((point) => html`<option value=${`${point.stage}/${point.updates}`}>stage ${point.stage + 1} after ${point.updates} updates</option>`)}</select></label>
        <label class="field"><span>Plan</span><textarea rows="14" spellcheck="false" value=${text ?? loaded.data.text} onInput=${(event) => setText(event.target.value)}></textarea></label>`}
    <//>`;
}
