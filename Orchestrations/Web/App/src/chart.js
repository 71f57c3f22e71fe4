// A chart of arms: means as lines, seeds as bands, values under the pointer.
import uPlot from 'uplot';
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './view.js';
import { compact, figure } from './text.js';

const LIGHT = ['#2f5bd7', '#c2410c', '#0f766e', '#9333ea', '#a16207', '#be185d', '#4d7c0f', '#475569'];
const DARK = ['#7ea2ff', '#fb923c', '#2dd4bf', '#c084fc', '#facc15', '#f472b6', '#a3e635', '#a8b3c4'];
const dark = matchMedia('(prefers-color-scheme: dark)');

export const colourOf = (index) => (dark.matches ? DARK : LIGHT)[index % LIGHT.length];

function transparent(hex, share) {
  const value = parseInt(hex.slice(1), 16);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${share})`;
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options({ arms, colours, log, height, width, onHover, axis, format }) {
  const grid = { stroke: style('--line'), width: 1 };
  const ticks = { stroke: style('--line'), width: 1, size: 4 };
  const text = { stroke: style('--quiet'), font: '11px system-ui, sans-serif', grid, ticks };
  return {
    width, height, padding: [8, 12, 0, 0], legend: { show: false },
    cursor: { sync: { key: 'curves', setSeries: false }, points: { size: 6 }, y: false, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: log ? { distr: 3 } : { range: (_, least, most) => padded(least, most) } },
    axes: [
      { ...text, size: 28, space: 60, values: (_, values) => values.map(compact), label: axis, labelSize: 16, labelFont: '11px system-ui, sans-serif' },
      { ...text, size: 52, space: 26, values: (_, values) => distinct(values, format) },
    ],
    series: [
      {},
      ...arms.flatMap((arm, i) => [
        { label: arm.name, stroke: colours[i], width: 1.6, points: { show: arm.mean.filter((value) => value != null).length < 2 }, spanGaps: true },
        { stroke: 'transparent', points: { show: false }, spanGaps: true },
        { stroke: 'transparent', points: { show: false }, spanGaps: true },
      ]),
    ],
    bands: arms.flatMap((arm, i) => (arm.seeds > 1 ? [{ series: [3 * i + 3, 3 * i + 2], fill: transparent(colours[i], 0.14), dir: -1 }] : [])),
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  };
}

function padded(least, most) {
  if (least == null) return [0, 1];
  if (least === most) return least === 0 ? [-0.05, 1] : [least - Math.abs(least) * 0.1, most + Math.abs(most) * 0.1];
  const room = 0.06 * (most - least);
  return [least >= 0 && least - room < 0 ? 0 : least - room, most + room];
}

// No two ticks that say the same.
function distinct(values, format) {
  for (let digits = 2; digits <= 8; digits++) {
    const words = values.map((value) => (value == null ? '' : format ? format(value, digits) : figure(value, digits)));
    if (new Set(words.filter(Boolean)).size === words.filter(Boolean).length) return words;
  }
  return values.map(String);
}

export function Chart({ title, note, data, colours, log, axis, height = 170, format }) {
  const place = useRef();
  const plot = useRef();
  const [hovered, setHovered] = useState(null);
  const { xs, arms } = data;
  const shape = `${arms.map((arm) => `${arm.name}/${arm.seeds}`).join('|')}/${log}/${axis}/${colours.join()}`;
  const values = [xs, ...arms.flatMap((arm) => [arm.mean, arm.low, arm.high].map((line) => (log ? line.map((value) => (value > 0 ? value : null)) : line)))];

  useEffect(() => {
    const drawn = new uPlot(options({ arms, colours, log, height, width: place.current.clientWidth, onHover: setHovered, axis, format }), values, place.current);
    plot.current = drawn;
    const observer = new ResizeObserver(() => { if (place.current?.clientWidth) drawn.setSize({ width: place.current.clientWidth, height }); });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => { plot.current?.setData(values); }, [data, log]);

  const at = hovered ?? xs.length - 1;
  const shown = (arm) => {
    let i = at;
    if (hovered === null) while (i > 0 && arm.mean[i] == null) i--;
    return arm.mean[i];
  };
  const summary = arms.map((arm) => `${arm.name} ${format ? format(shown(arm), 2) : figure(shown(arm))}`).join(', ');
  return html`
    <figure class="chart">
      <figcaption><strong>${title}</strong> <span class="quiet">${note}</span></figcaption>
      <div ref=${place} class="plot" role="img" aria-label=${`${title}: ${hovered === null ? 'last values ' : ''}${summary}`}></div>
      <div class="readout" aria-hidden="true">
        <span class="x">${hovered === null ? 'last' : `${axis} ${compact(xs[at])}`}</span>
        ${arms.map((arm, i) => html`<span><i style=${{ background: colours[i] }}></i>${arm.name} <b>${format ? format(shown(arm), 2) : figure(shown(arm))}</b></span>`)}
      </div>
    </figure>`;
}
