import { get } from '../api.js';
import { Empty, html, Loading, Page, Problem, Scroll, Section, Text, useLoad } from '../view.js';
import { age, bytes, instant } from '../text.js';

export function Inputs() {
  const loaded = useLoad(async (signal) => { const [datasets, models] = await Promise.all([get('datasets', signal), get('models', signal)]); return { datasets: datasets.inputs, models: models.inputs }; }, []);
  return html`
    <${Page} title="Data sets and models">
      <${Problem} error=${loaded.error} />
      ${!loaded.data ? !loaded.error && html`<${Loading} />` : html`
        <${Section} title="Models"><${Inputs.Table} of=${loaded.data.models} none="None: upload a model’s folder into the container models." /><//>
        <${Section} title="Data sets"><${Inputs.Table} of=${loaded.data.datasets} none="None: POST /api/datasets fetches one from an allowed host. Generated problems need none." /><//>`}
    <//>`;
}

Inputs.Table = ({ of, none }) => (of.length === 0 ? html`<${Empty}>${none}<//>` : html`
  <${Scroll} label="Inputs"><table><thead><tr><th scope="col">Name</th><th scope="col" class="num">Files</th><th scope="col" class="num">Size</th><th scope="col">Written</th></tr></thead>
    <tbody>${of.map((one) => html`<tr><th scope="row"><${Text} text=${one.name} /></th><td class="num">${one.files}</td><td class="num">${bytes(one.bytes)}</td><td title=${instant(one.writtenAt)}>${age(one.writtenAt)}</td></tr>`)}</tbody></table><//>`);
