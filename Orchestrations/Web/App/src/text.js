// Words for numbers, times and states.

export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function compact(value) {
  if (value == null) return '–';
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)} G`;
  if (size >= 1e6) return `${trim(value / 1e6)} M`;
  if (size >= 1e4) return `${trim(value / 1e3)} k`;
  return number.format(value);
}

const trim = (value) => value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2).replace(/\.?0+$/, '');

export function figure(value, digits = 4) {
  if (value == null || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  if (size >= 1e4) return number.format(value);
  return String(Number(value.toPrecision(digits)));
}

export const percent = (share, digits = 1) => (share == null ? '–' : `${(100 * share).toFixed(digits)} %`);

export const points = (difference) => (difference == null ? '–' : `${difference < 0 ? '−' : '+'}${Math.abs(100 * difference).toFixed(1)}`);

export const count = (n, one, many = `${one}s`) => `${number.format(n)} ${n === 1 ? one : many}`;

// Seconds below a minute, then minutes, then hours, then days.
export function duration(seconds) {
  if (seconds == null) return '–';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60 ? `${whole % 60} s` : ''}`.trim();
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60) ? `${Math.floor((whole % 3600) / 60)} min` : ''}`.trim();
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600) ? `${Math.floor((whole % 86400) / 3600)} h` : ''}`.trim();
}

export const age = (time) => (time ? `${duration((Date.now() - new Date(time)) / 1000).replace(/ \d+ s$/, '')} ago` : '–');

export const instant = (time) => (time ? new Date(time).toISOString().replace('T', ' ').replace(/\.\d+Z|Z$/, ' UTC') : '–');

export function bytes(size) {
  if (size < 1024) return count(size, 'byte');
  if (size < 1024 ** 2) return `${trim(size / 1024)} KiB`;
  if (size < 1024 ** 3) return `${trim(size / 1024 ** 2)} MiB`;
  return `${trim(size / 1024 ** 3)} GiB`;
}

export const money = (cost) => (cost ? `${cost.amount < 0.01 && cost.amount > 0 ? '< 0.01' : cost.amount.toFixed(2)} ${cost.currency}` : '–');

// Characters that are not seen, or change the direction of what follows.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

// The parts of a text: what is shown as it is, and the code points that are shown as such.
export function parts(text, line = false) {
  const found = [];
  const unseen = line ? new RegExp(`${UNSEEN.source}|[\\t\\n]`, 'gu') : UNSEEN;
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ point: `U+${match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}` });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

export const visible = (text) => parts(text ?? '', true).map((part) => (part.point ? `⟨${part.point}⟩` : part)).join('');
