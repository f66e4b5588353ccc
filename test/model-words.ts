/** What the server says in English, by itself or as data: labels of the declared model, and the sentences of refusals. */
import { declared } from '../src/app.ts';
import { errors } from '../src/engine/errors.ts';
import { buildModel, type ObjectModel } from '../src/engine/model.ts';
import { flawsOf } from '../src/engine/quality/flaws.ts';
import { mergeVerb } from '../src/engine/records/merge.ts';
import { sentenceCase } from '../src/fields/read.tsx';
import { lineOf, type Node, readSources, walk } from './source.ts';

type Data = { [key: string]: unknown };

/** English text → where it stands, for the first place of each. */
export type Said = Map<string, string>;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The model of a new workspace, as declared. */
function declaredModel() {
  const objects = declared.modules.flatMap(module => module.objects);
  const verbs = declared.modules.flatMap(module => module.verbs ?? []);
  for (const spec of objects) if (!spec.administered) verbs.push(mergeVerb(spec));
  return buildModel({
    objects: objects.map(spec => ({ spec, custom: false, customFields: {} })),
    verbs,
    types: declared.types,
    system: declared.system,
    version: 1,
  });
}

/** Icons that the model names: name → where. */
export function iconsOfModel(): Said {
  const { objects, types } = declaredModel();
  const parts = [...objects.values()].flatMap(({ name, spec, verbs }) => [
    [name, spec.icon] as const,
    ...[...verbs.values()].flatMap(verb => [
      [`${name}.${verb.name}`, verb.icon] as const,
      [`event of ${name}.${verb.name}`, verb.event?.icon] as const,
    ]),
  ]);
  const all = [...parts, ...[...types.values()].map(({ name, icon }) => [`type ${name}`, icon] as const)];
  return new Map(all.flatMap(([at, icon]) => (icon ? [[icon, at] as const] : [])));
}

type Say = (text: unknown, at: string) => void;

/** Every label, plural, help and description that the metadata of a workspace carries, and the names it starts with. */
export function labelsOfModel(): Said {
  const said: Said = new Map();
  // Codes are the same everywhere: EUR, USD.
  const say: Say = (text, at) => {
    if (isText(text) && !/^[A-Z]{3}$/.test(text) && !said.has(text)) said.set(text, at);
  };
  const model = declaredModel();
  for (const object of model.objects.values()) sayObject(object, say);
  for (const type of model.types.values()) {
    say(type.label, 'type');
    say(type.help, `type ${type.name}`);
    for (const { label } of Object.values(type.operators)) say(label, 'operator');
    for (const { label } of Object.values(type.aggregates ?? {})) say(label, 'aggregate');
  }
  for (const role of declared.modules.flatMap(module => module.roles ?? [])) {
    say(role.label, 'role');
    say(role.description, 'role');
  }
  return said;
}

function sayObject(object: ObjectModel, say: Say) {
  const { spec, name } = object;
  for (const text of [spec.label, spec.plural, spec.description, spec.group]) say(text, name);
  for (const title of spec.shipped ?? []) say(title, `${name} shipped`);
  for (const { label } of spec.attention ?? []) say(label, `${name} attention`);
  for (const { label } of flawsOf(object)) say(label, `${name} quality`);
  for (const { label } of spec.duplicates ?? []) say(label, `${name} duplicates`);
  for (const { label } of object.inverses.values()) say(label, `${name} relation`);
  for (const field of object.fields.values()) {
    const at = `${name}.${field.name}`;
    for (const text of [field.label, field.options.help, field.options.group]) say(text, at);
    for (const choice of (field.options.choices ?? []) as (string | Data)[]) {
      const { value, label } = typeof choice === 'string' ? { value: choice, label: undefined } : choice;
      say(label ?? sentenceCase(value as string), `${at} choice`);
    }
  }
  for (const verb of object.verbs.values()) {
    say(verb.label, `${name} verb`);
    say(verb.description, `${name} verb`);
    sayInput(verb.input as unknown as Data, text => say(text, `${name} ${verb.name}`));
  }
}

/** Titles and descriptions within a JSON Schema. */
function sayInput(schema: Data, say: (text: unknown) => void) {
  say(schema.title);
  say(schema.description);
  for (const [name, property] of Object.entries((schema.properties ?? {}) as Data))
    if (!(property as Data).title) say(sentenceCase(name));
  for (const value of Object.values(schema))
    if (typeof value === 'object' && value !== null) sayInput(value as Data, say);
}

/** A text with gaps as the dictionaries write it: `{0} takes text.` */
function templateOf(node: Node | undefined): string | null {
  if (node?.type === 'Literal') return isText(node.value) ? node.value : null;
  if (node?.type !== 'TemplateLiteral') return null;
  const parts = (node.quasis as Node[]).map(({ value }) => (value as { cooked: string }).cooked);
  return parts.reduce((text, part, index) => (index === 0 ? part : `${text}{${index - 1}}${part}`), '');
}

/** `{actor} won {deal}` → `{0} won {1}` */
function numbered(sentence: string): string {
  let count = 0;
  return sentence.replace(/\{\w+\}/g, () => `{${count++}}`);
}

/** Both ways of `a ? … : …`. */
function templatesOf(node: Node | undefined): string[] {
  if (node?.type === 'ConditionalExpression')
    return [...templatesOf(node.consequent as Node), ...templatesOf(node.alternate as Node)];
  const text = templateOf(node);
  return text === null ? [] : [text];
}

/** The sentences that a node makes: a refusal, a problem, what a verb did, what a job or a change set is called. */
function saidBy(node: Node, path: string): string[] {
  const callee = (node.callee as Node | undefined)?.name;
  if (callee === 'refuse' || (node.type === 'NewExpression' && callee === 'FarleyError'))
    return templatesOf((node.arguments as Node[])[1]);
  // What cannot be priced is refused in these words.
  if (node.type === 'NewExpression' && callee === 'Unpriced')
    return templatesOf((node.arguments as Node[])[0]);
  // What the timeline says of plain changes.
  if (node.type === 'ReturnStatement' && path === 'src/engine/records/timeline.ts')
    return templatesOf(node.argument as Node | undefined).filter(text => / /.test(text));
  const isLabel = node.type === 'VariableDeclarator' && (node.id as Node).name === 'label';
  if (isLabel && path.startsWith('src/engine/')) return templatesOf(node.init as Node | undefined);
  // `const message = …` is handed on as `{ message }`.
  if (node.type === 'VariableDeclarator' && (node.id as Node).name === 'message')
    return templatesOf(node.init as Node | undefined);
  if (node.type !== 'Property') return [];
  const texts = templatesOf(node.value as Node);
  switch ((node.key as Node).name) {
    case 'message':
      return texts;
    case 'sentence':
      return texts.map(numbered);
    case 'label':
      return path.startsWith('src/engine/') ? texts : [];
    default:
      return [];
  }
}

/** Sentences of `refuse('code', …)`, `new FarleyError('code', …)` and `{ pointer, code, message: … }` on the server. */
export function sentencesOfServer(): Said {
  const said: Said = new Map();
  for (const source of readSources(['src/engine', 'src/fields', 'src/modules'], /\.ts$/)) {
    if (source.test) continue;
    walk(source.ast!, node => {
      const at = `${source.path}:${lineOf(source, node.start)}`;
      for (const text of saidBy(node, source.path)) if (!said.has(text)) said.set(text, at);
    });
  }
  for (const [, sentence] of Object.values(errors)) said.set(sentence, 'src/engine/errors.ts');
  return said;
}
