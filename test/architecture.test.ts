/** The rules of the house (DESIGN, section 3) as tests. A failure lists every place and says what the rule is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  findCycles,
  type Import,
  lineOf,
  type Node,
  readSources,
  root,
  type Source,
  walk,
} from './source.ts';

const code = readSources(['src'], /\.tsx?$/);
const styles = readSources(['src'], /\.css$/);
const outside = readSources(['test', 'bench', 'torture'], /\.tsx?$/);
const running = code.filter(source => !source.test);

type Layer = 'engine' | 'fields' | 'modules' | 'boot' | 'kit' | 'views' | 'web' | 'screens' | 'main';

const forBrowser =
  /^(react|react-dom|@mantine|@tanstack|@tabler|i18next|i18next-icu|echarts|@tiptap|@xyflow)(\/|$)/;
const forServer = /^(node:|pg$|pg-|kysely|fastify|@fastify|graphile-worker|better-auth$|nodemailer|imapflow)/;

const sides = new Map<string, 'server' | 'browser' | 'both'>();

/**
 * What a file is for. Plain TypeScript in fields and modules belongs to the side whose files or packages it uses at
 * run time; what uses neither, such as a list of codes, serves both.
 */
function sideOf(path: string): 'server' | 'browser' | 'both' {
  const known = sides.get(path);
  if (known) return known;
  if (/\.(tsx|css)$|^src\/(kit|web)\//.test(path)) return 'browser';
  if (!/^src\/(fields|modules)\//.test(path)) return 'server';
  // Files of a circle, while it is walked.
  sides.set(path, 'both');
  const used = (running.find(source => source.path === path)?.imports ?? []).filter(({ types }) => !types);
  const uses = (side: string, packages: RegExp) =>
    used.some(({ own, to }) => (own ? sideOf(to) === side : packages.test(to)));
  const side = uses('browser', forBrowser) ? 'browser' : uses('server', forServer) ? 'server' : 'both';
  sides.set(path, side);
  return side;
}

/** Server: engine ← fields ← modules ← boot. Browser: kit ← views ← web ← screens ← main. */
function layerOf(path: string): Layer {
  const browser = sideOf(path) === 'browser';
  if (path === 'src/web/main.tsx' || path === 'src/web/open/main.tsx') return 'main';
  if (path.startsWith('src/engine/')) return 'engine';
  if (path.startsWith('src/kit/')) return 'kit';
  if (path.startsWith('src/web/')) return 'web';
  if (path.startsWith('src/fields/')) return browser ? 'views' : 'fields';
  if (path.startsWith('src/modules/')) return browser ? 'screens' : 'modules';
  return 'boot';
}

const server: Layer[] = ['engine', 'fields', 'modules', 'boot'];
const browser: Layer[] = ['kit', 'views', 'web', 'screens', 'main'];

/** A layer imports itself and the layers before it on its side; the browser takes types, and files that serve both. */
function mayImport(path: string, { to, types }: Import): boolean {
  const [from, into] = [layerOf(path), layerOf(to)];
  const side = server.includes(from) ? server : browser;
  if (side.includes(into)) return side.indexOf(into) <= side.indexOf(from);
  return side === browser ? types || sideOf(to) === 'both' : types && sideOf(path) === 'both';
}

const moduleOf = (path: string) => /^src\/modules\/([^/]+)\//.exec(path)?.[1];

/** Why an import is not allowed; null where it is. */
function wrongWith(path: string, found: Import): string | null {
  const { to, types } = found;
  const [from, into] = [layerOf(path), layerOf(to)];
  if (!mayImport(path, found)) return `${from} may not import ${types ? 'types of ' : ''}${into}`;
  const boots = from === 'boot' && to.startsWith('src/engine/db/');
  if (into === 'engine' && from !== 'engine' && !boots && to !== 'src/engine/index.ts') {
    return 'the engine is entered by src/engine/index.ts alone';
  }
  const [mine, other] = [moduleOf(path), moduleOf(to)];
  if (mine && other && mine !== other && !/\/module\.ts$/.test(to)) {
    return `another module is entered by its module.ts alone`;
  }
  return null;
}

test('imports follow the arrows: engine ← fields ← modules ← boot; kit ← views ← web ← screens ← main', () => {
  const wrong = running.flatMap(source =>
    source.imports
      .filter(({ own, to }) => own && to.startsWith('src/'))
      .map(found => ({ found, why: wrongWith(source.path, found) }))
      .filter(({ why }) => why)
      .map(({ found, why }) => `${source.path} → ${found.to}: ${why}`),
  );
  expect(wrong).toEqual([]);
});

test('every import of our own files leads to a file', () => {
  const missing = [...code, ...outside].flatMap(({ path, imports }) =>
    imports
      .filter(({ own, to }) => own && !existsSync(join(root, to.split('?')[0]!)))
      .map(({ to }) => `${path} → ${to}`),
  );
  expect(missing).toEqual([]);
});

test('the server knows no browser package, the browser no server package', () => {
  const wrong = running.flatMap(({ path, imports }) => {
    const refused = server.includes(layerOf(path)) ? forBrowser : forServer;
    return imports
      .filter(({ own, to, types }) => !own && !types && refused.test(to))
      .map(({ to }) => `${path} → ${to}`);
  });
  expect(wrong).toEqual([]);
});

/** Where the browser speaks to the server beside `web/api.ts`, and why. */
const besideTheQueue: Record<string, string> = {
  'src/web/worker.ts': 'keeps files of the interface; passes on what pages ask',
  'src/web/model/presence.ts': 'says that a page is left, when it cannot wait for anything any more',
  'src/web/imports/uploads.ts': 'uploads files, which no write has to wait for',
  'src/web/layouts/use-world.ts': 'reads the outlines of countries',
  'src/web/open/page.ts': 'a page for outsiders: no session, one form',
};
/** What is asked by a body and changes nothing. */
const asked =
  /\/(search|aggregate|presence|restore-to|flow|duplicates|preview)(\?|$)|\/reports\/|\/imports\/(proposal|map)$/;

/** What a call sends to the server without the queue: `fetch`, or `reads …` with a body. */
function sentBy(node: Node): string | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const callee = node.callee as Node;
  const name = String(callee.name ?? (callee.property as Node | undefined)?.name);
  if (/^(fetch|XMLHttpRequest|sendBeacon)$/.test(name)) return name;
  const [address, options] = node.arguments as Node[];
  const given = options?.type === 'ObjectExpression' ? (options.properties as Node[]) : [];
  const sends = given.some(({ key }) => (key as Node | undefined)?.name === 'body');
  if (callee.name !== 'read' || !address || !sends) return null;
  const parts = (address.quasis ?? []) as Node[];
  const said = parts.map(({ value }) => (value as { raw: string }).raw).join('x') || String(address.value);
  return asked.test(said) ? null : `reads ${said}`;
}

test('the browser writes through one queue: nobody calls the server but `web/api.ts`, and nobody reads by an address that writes', () => {
  const wrong = running.flatMap(source => {
    const speaks = source.path === 'src/web/api.ts' || besideTheQueue[source.path];
    if (speaks || sideOf(source.path) === 'server') return [];
    const found: string[] = [];
    walk(source.ast!, node => {
      const sent = sentBy(node);
      if (sent) found.push(`${source.path}:${lineOf(source, node.start)} ${sent}`);
    });
    return found;
  });
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const graph = new Map(
    running.map(({ path, imports }) => [
      path,
      imports.filter(({ own, types }) => own && !types).map(({ to }) => to),
    ]),
  );
  expect(findCycles(graph).map(cycle => cycle.join(' → '))).toEqual([]);
});

test('no module depends on itself by way of others', () => {
  const graph = new Map<string, string[]>();
  for (const { path, imports } of running) {
    const mine = moduleOf(path);
    if (!mine) continue;
    const others = imports
      .map(({ to }) => moduleOf(to))
      .filter(other => other !== undefined && other !== mine);
    graph.set(mine, [...(graph.get(mine) ?? []), ...(others as string[])]);
  }
  expect(findCycles(graph).map(cycle => cycle.join(' → '))).toEqual([]);
});

test('no folder without a meaning, none deeper than four below src', () => {
  const empty = /\/(utils?|helpers?|common|shared|services|managers|lib|misc)\//;
  const wrong = [...code, ...styles, ...outside].filter(
    ({ path }) => empty.test(`/${path}`) || (path.startsWith('src/') && path.split('/').length > 6),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('no file over 500 lines', () => {
  const long = [...code, ...styles, ...outside].filter(({ lines }) => lines > 500);
  expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

test('no function over 60 lines, no component over 200', () => {
  const long: string[] = [];
  for (const source of [...code, ...outside]) {
    walk(source.ast!, (node, parents) => {
      if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
      if (isSuite(parents[0])) return;
      const lines = lineOf(source, node.end) - lineOf(source, node.start) + 1;
      const name = nameOf(node, parents);
      const limit = source.path.endsWith('.tsx') && /^[A-Z]/.test(name) ? 200 : 60;
      if (lines > limit) long.push(`${source.path}:${lineOf(source, node.start)} ${name} has ${lines} lines`);
    });
  }
  expect(long).toEqual([]);
});

test('no page of the web over 200 lines', () => {
  const long = code.filter(({ path, lines }) => /^src\/web\/\w.*\/.*\.tsx$/.test(path) && lines > 200);
  expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

test('every part of the kit has stories, and every view is of a type, whose samples make its stories', () => {
  const paths = new Set(code.map(({ path }) => path));
  const parts = running.filter(({ path }) => /^src\/kit\/\w+\.tsx$/.test(path));
  const mute = parts.filter(({ path }) => !paths.has(path.replace('.tsx', '.stories.tsx')));
  expect(mute.map(({ path }) => path)).toEqual([]);
  const types = new Set(
    running
      .filter(({ path }) => layerOf(path) === 'fields')
      .flatMap(({ text }) => [...text.matchAll(/^export const (\w+)Type\b/gm)].map(([, name]) => name)),
  );
  const views = running.filter(({ path }) => path.endsWith('.view.tsx'));
  const odd = views.filter(({ text }) => !types.has(/: FieldView = \{[^}]*?\btype: '(\w+)'/.exec(text)?.[1]));
  expect(odd.map(({ path }) => path)).toEqual([]);
});

/** `describe('…', () => { … })` or `describe.each(…)('…', …)`: a heading, not a function. */
function isSuite(parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression') return false;
  const callee = parent.callee as Node;
  return isSuite(callee) || textOf(callee).startsWith('describe');
}

/** A function's own name, or that of the variable, property or `memo(…)` it stands in. */
function nameOf(node: Node, parents: Node[]): string {
  const holder = parents[0]?.type === 'CallExpression' ? parents[1] : parents[0];
  const id = (node.id ?? holder?.id ?? holder?.key) as Node | null | undefined;
  return typeof id?.name === 'string' ? id.name : '(anonymous)';
}

/** A chain of names as text: `field.type.name`; empty for anything else. */
function textOf(node: Node | null | undefined): string {
  if (node?.type === 'Identifier') return String(node.name);
  if (node?.type === 'ChainExpression' || node?.type === 'TSNonNullExpression')
    return textOf(node.expression as Node);
  if (node?.type !== 'MemberExpression' || node.computed) return '';
  return `${textOf(node.object as Node)}.${textOf(node.property as Node)}`;
}

test('the engine speaks of no customers: no CRM word in names and texts of src/engine', () => {
  const words =
    /^(deal|opportunity|opportunities|campaign|ticket|invoice|contact|customer|company|companies)s?$/;
  // In texts it is a verb as well: "the link leads to …".
  const names = /^leads?$/;
  const found: string[] = [];
  for (const source of running.filter(({ path }) => path.startsWith('src/engine/'))) {
    walk(source.ast!, node => {
      const text = node.type === 'Identifier' ? node.name : stringOf(node);
      if (typeof text !== 'string') return;
      for (const word of text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/)) {
        const asName = node.type === 'Identifier' && names.test(word.toLowerCase());
        if (asName || words.test(word.toLowerCase()))
          found.push(`${source.path}:${lineOf(source, node.start)} ${word}`);
      }
    });
  }
  expect(found).toEqual([]);
});

/** The text of a string, of a part of a template, or between tags. */
function stringOf(node: Node): string | null {
  if (node.type === 'TemplateElement') return (node.value as { raw: string }).raw;
  return (node.type === 'Literal' || node.type === 'JSXText') && typeof node.value === 'string'
    ? node.value
    : null;
}

/** `name: 'money'` of each type that src/fields declares. */
function fieldTypeNames(): Set<string> {
  const names = new Set<string>();
  for (const source of running.filter(({ path }) => layerOf(path) === 'fields')) {
    walk(source.ast!, node => {
      const properties = (node.type === 'ObjectExpression' ? node.properties : []) as Node[];
      const keys = new Map(
        properties.map(property => [(property.key as Node | undefined)?.name, property.value as Node]),
      );
      const name = keys.get('name')?.value;
      if (typeof name === 'string' && keys.has('storage') && keys.has('operators')) names.add(name);
    });
  }
  return names;
}

test('no one outside src/fields asks for a field type by its name', () => {
  const types = fieldTypeNames();
  const isType = (node: Node) => node.type === 'Literal' && types.has(String(node.value));
  const asksType = (node: Node) =>
    /(^|\.)(type\.name|typeName|fieldType)$|(field|column|spec|meta|cell)\w*\.type$/i.test(textOf(node));
  const found: string[] = [];
  for (const source of running.filter(({ path }) => !path.startsWith('src/fields/'))) {
    walk(source.ast!, (node, parents) => {
      const [left, right] = [node.left as Node, node.right as Node];
      const compares =
        (node.type === 'BinaryExpression' &&
          ((asksType(left) && isType(right)) || (asksType(right) && isType(left)))) ||
        (node.type === 'SwitchCase' &&
          node.test !== null &&
          isType(node.test as Node) &&
          asksType(parents[0]!.discriminant as Node));
      if (compares) found.push(`${source.path}:${lineOf(source, node.start)}`);
    });
  }
  expect(found, 'the contract in engine/field.ts lacks a method: add it there').toEqual([]);
});

test('colours come from the theme: no colour literal elsewhere', () => {
  const literal = /#[0-9a-f]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/i;
  const isTheme = (path: string) => /^src\/kit\/(theme|tokens|tint)\b|^src\/fields\/colou?r\b/.test(path);
  const found: string[] = [];
  const look = (source: Source, text: string, offset: number) => {
    const match = literal.exec(text);
    if (match) found.push(`${source.path}:${lineOf(source, offset + match.index)} ${match[0]}`);
  };
  for (const source of running.filter(({ path }) => browser.includes(layerOf(path)) && !isTheme(path))) {
    walk(source.ast!, node => {
      const text = stringOf(node);
      if (text) look(source, text, node.start);
    });
  }
  for (const source of styles.filter(({ path }) => !isTheme(path))) {
    source.text.split('\n').reduce((offset, line) => {
      look(source, line.replace(/\/\*.*?\*\//g, ''), offset);
      return offset + line.length + 1;
    }, 0);
  }
  expect(found).toEqual([]);
});

/** What people read or hear of an element. */
const spokenAttributes =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|title|placeholder|alt|label|text|lead|help|hint|detail|caption|summary)$/;

/** Words: two letters that are no name of the trade, no key and no unit. */
const isWords = (text: string) =>
  /\p{L}{2,}/u.test(text.replace(/\b(Farley|Ctrl|Alt|Shift|Esc|Enter|Tab|Del|px|https?)\b|&\w+;/g, ''));

/** The texts of a string, a template, or either way of a condition. */
function textsOf(node: Node | null | undefined): string[] {
  if (!node) return [];
  if (node.type === 'JSXExpressionContainer') return textsOf(node.expression as Node);
  if (node.type === 'ConditionalExpression')
    return [...textsOf(node.consequent as Node), ...textsOf(node.alternate as Node)];
  if (node.type === 'LogicalExpression') return textsOf(node.right as Node);
  if (node.type === 'BinaryExpression')
    return [...textsOf(node.left as Node), ...textsOf(node.right as Node)];
  if (node.type === 'TemplateLiteral') return (node.quasis as Node[]).map(quasi => stringOf(quasi) ?? '');
  const text = stringOf(node);
  return text === null ? [] : [text];
}

/** The texts that a node shows or says: between tags, in an attribute, in a toast. */
function shownBy(node: Node, parent: Node | undefined): string[] {
  switch (node.type) {
    case 'JSXText':
      return textsOf(node);
    case 'JSXExpressionContainer':
      return /^JSX(Element|Fragment)$/.test(parent?.type ?? '') ? textsOf(node) : [];
    case 'JSXAttribute':
      return spokenAttributes.test(String((node.name as Node).name))
        ? textsOf(node.value as Node | null)
        : [];
    case 'CallExpression': {
      const says = /^(toast|setSaid|setProblem|announce|confirm|alert)$/.test(textOf(node.callee as Node));
      return says ? textsOf((node.arguments as Node[])[0]) : [];
    }
    default:
      return [];
  }
}

test('people read no words but those of the message files: no literal in text, attributes, toasts', () => {
  const found: string[] = [];
  for (const source of running.filter(({ path }) => browser.includes(layerOf(path)))) {
    walk(source.ast!, (node, [parent]) => {
      for (const text of shownBy(node, parent).filter(isWords))
        found.push(`${source.path}:${lineOf(source, node.start)} ${text.trim()}`);
    });
  }
  expect(found, 'say it in src/web/locales/en').toEqual([]);
});

/** Where left means left whichever way people read. */
const isSided = (path: string) => path === 'src/web/layouts/WorldMap.module.css';

test('styles name start and end, never left and right', () => {
  const physical =
    /(^|[\s;{-])(margin|padding|border|scroll-margin|scroll-padding)-(left|right)\b|(^|[\s;{])(left|right)\s*:|border-(top|bottom)-(left|right)-radius|(text-align|float|clear|justify-content|caption-side)\s*:\s*(left|right)\b/;
  const wrong: string[] = [];
  for (const { path, text } of styles) {
    const sides = text.replace(/\/\*.*?\*\//gs, comment => comment.replace(/[^\n]/g, ' '));
    if (!isSided(path))
      sides.split('\n').forEach((line, index) => {
        if (physical.test(line)) wrong.push(`${path}:${index + 1} ${line.trim()}`);
      });
  }
  for (const source of running.filter(({ path }) => browser.includes(layerOf(path)) && !isSided(path))) {
    walk(source.ast!, (node, parents) => {
      const isStyle = parents.some(
        ({ type, name }) => type === 'JSXAttribute' && (name as Node | undefined)?.name === 'style',
      );
      const key = node.type === 'Property' ? String((node.key as Node).name ?? '') : '';
      if (isStyle && /^(margin|padding|border)?(Left|Right|left|right)$/.test(key))
        wrong.push(`${source.path}:${lineOf(source, node.start)} ${key}`);
    });
  }
  expect(wrong, 'margin-inline-start, inset-inline-end, text-align: start').toEqual([]);
});
