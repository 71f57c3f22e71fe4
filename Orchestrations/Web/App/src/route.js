// Where a person is: in the fragment, so that pages move without a request.

export function here() {
  const [path, asked] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path ? path.split('/').map(decode) : ['runs'], query: Object.fromEntries(new URLSearchParams(asked ?? '')) };
}

function decode(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

export function link(path, asked = {}) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined && value !== null && value !== '') given.append(name, value);
  const written = given.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${written ? `?${written}` : ''}`;
}

export const go = (path, asked) => { location.hash = link(path, asked); };

// A changed filter is no new page: going back leaves it.
export function replace(path, asked) {
  history.replaceState(null, '', link(path, asked));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
