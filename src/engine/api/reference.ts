/** The API reference as a page: plain HTML and a little script that reads `/api/openapi.json`, readable without a network. */

/** The page. It shows what the signed-in caller may use. */
export function referencePage(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Farley API</title><style>${style}</style></head><body>
<header><h1>Farley API</h1><p id="about">Loading the description of your workspace …</p><input id="find" type="search" placeholder="Find an address" aria-label="Find an address"></header>
<div id="page"><nav id="tags" aria-label="Sections"></nav><main id="routes"></main></div><script>${script}</script></body></html>`;
}

const style = `
:root { color-scheme: light dark; --ink: CanvasText; --line: color-mix(in srgb, CanvasText 14%, transparent); --quiet: color-mix(in srgb, CanvasText 62%, transparent) }
* { box-sizing: border-box } body { margin: 0; font: 14px/1.5 Inter, system-ui, sans-serif; background: Canvas; color: var(--ink) }
header { padding: 32px 24px 16px; border-bottom: 1px solid var(--line) } h1 { font-size: 22px; margin: 0 } header p { color: var(--quiet); margin: 4px 0 16px; max-width: 75ch }
input { font: inherit; width: min(420px, 100%); padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: Field; color: FieldText }
#page { display: grid; grid-template-columns: 200px minmax(0, 1fr); gap: 32px; padding: 24px } nav { position: sticky; top: 16px; align-self: start; max-height: 90vh; overflow: auto }
nav a { display: block; padding: 4px 8px; color: inherit; text-decoration: none; border-radius: 6px } nav a:hover { background: var(--line) }
h2 { font-size: 16px; margin: 32px 0 8px } h2:first-child { margin-top: 0 } details { border-bottom: 1px solid var(--line) } summary { display: flex; gap: 12px; padding: 8px 0; cursor: pointer; flex-wrap: wrap }
summary b { font: 600 12px/20px ui-monospace, monospace; width: 56px } code, pre { font: 13px/1.5 ui-monospace, monospace } summary span { color: var(--quiet) }
pre { overflow: auto; padding: 12px; border: 1px solid var(--line); border-radius: 8px } table { border-collapse: collapse; width: 100% } td { padding: 4px 12px 4px 0; vertical-align: top; border-top: 1px solid var(--line) }
@media (max-width: 700px) { #page { grid-template-columns: 1fr; padding: 16px } nav { display: none } }`;

const script = `
const el = (tag, text, into) => { const e = document.createElement(tag); if (text) e.textContent = text; if (into) into.append(e); return e };
const short = (schema, all, depth = 0) => { if (!schema) return ''; if (schema.$ref) { const name = schema.$ref.split('/').pop(); return depth > 1 ? name : short(all[name], all, depth + 1) }
  if (schema.anyOf) return short(schema.anyOf[0], all, depth); if (schema.const !== undefined) return schema.const; if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, short(v, all, depth + 1)]));
  if (schema.items) return [short(schema.items, all, depth + 1)]; return [schema.type].flat()[0] ? [schema.type].flat()[0] + (schema.format ? ' (' + schema.format + ')' : '') : 'any' };
const show = api => { about.textContent = api.info.title + ', version ' + api.info.version + ' of the model. Send an API key as "Authorization: Bearer …". The description itself is at /api/openapi.json.';
  const groups = new Map(); for (const [path, methods] of Object.entries(api.paths)) for (const [method, op] of Object.entries(methods)) { const tag = op.tags[0]; groups.set(tag, [...(groups.get(tag) ?? []), { path, method, op }]) }
  for (const [tag, list] of groups) { const id = 't-' + tag.replace(/\\W/g, '-'); const link = el('a', tag, tags); link.href = '#' + id; const h = el('h2', tag, routes); h.id = id;
    for (const { path, method, op } of list) { const d = el('details', '', routes); d.dataset.text = (path + ' ' + op.summary + ' ' + tag).toLowerCase(); const s = el('summary', '', d); el('b', method.toUpperCase(), s); el('code', path, s); el('span', op.summary, s);
      d.addEventListener('toggle', () => { if (d.dataset.done) return; d.dataset.done = 1; if (op.description) el('p', op.description, d);
        if (op.parameters?.length) { const t = el('table', '', d); for (const p of op.parameters) { const r = el('tr', '', t); el('td', '', r).append(el('code', p.name)); el('td', p.in, r); el('td', p.schema.description ?? '', r) } }
        const body = op.requestBody?.content['application/json']?.schema; if (body) { el('p', 'Body', d); el('pre', JSON.stringify(short(body, api.components.schemas), null, 2), d) }
        for (const [code, answer] of Object.entries(op.responses)) { const schema = answer.content?.['application/json']?.schema; if (code !== 'default') { el('p', 'Answer ' + code, d); if (schema) el('pre', JSON.stringify(short(schema, api.components.schemas), null, 2), d) } } }) } } };
find.addEventListener('input', () => { const q = find.value.toLowerCase(); for (const d of document.querySelectorAll('details')) d.hidden = !d.dataset.text.includes(q) });
fetch('/api/openapi.json').then(async r => { if (r.ok) show(await r.json()); else about.textContent = 'Sign in to Farley first: the reference shows what you may use.' });`;
