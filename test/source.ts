/** The source tree as the architecture test sees it: files, what they import, and their syntax trees. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'vite';

export const root = resolve(import.meta.dirname, '..');

/** A node of the syntax tree (ESTree with TypeScript). */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Import {
  /** Path below the root for our own files; the specifier for packages. */
  to: string;
  own: boolean;
  /** Types only: gone at run time. */
  types: boolean;
}

export interface Source {
  /** Path below the root. */
  path: string;
  text: string;
  lines: number;
  test: boolean;
  /** Null for what is not TypeScript. */
  ast: Node | null;
  imports: Import[];
}

/** All files of `folders` with one of `endings`, parsed. */
export function readSources(folders: string[], endings: RegExp): Source[] {
  return folders
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && endings.test(entry.name))
    .map(entry => read(relative(root, join(entry.parentPath, entry.name))));
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const lang = /\.(tsx?)$/.exec(path)?.[1] as 'ts' | 'tsx' | undefined;
  const ast = lang ? (parseAst(text, { lang }, path) as unknown as Node) : null;
  const test = /\.(test|stories)\.tsx?$/.test(path) || !path.startsWith('src/');
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    test,
    ast,
    imports: ast ? importsOf(path, ast) : [],
  };
}

/** Walks the tree, parents before children; `parents` has the nearest first. */
export function walk(node: Node, visit: (node: Node, parents: Node[]) => void, parents: Node[] = []): void {
  visit(node, parents);
  const inner = [node, ...parents];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, inner);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Line of an offset, from 1. */
export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

function importsOf(path: string, ast: Node): Import[] {
  const found: Import[] = [];
  walk(ast, node => {
    const from = node.source as Node | null | undefined;
    if (!from || typeof from.value !== 'string') return;
    const own = from.value.startsWith('.');
    const to = own ? relative(root, resolve(root, dirname(path), from.value)) : from.value;
    found.push({ to, own, types: isTypesOnly(node) });
  });
  return found;
}

/** `import type …`, `export type …`, or an import of which every name is a type. */
function isTypesOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = (node.specifiers as Node[] | undefined) ?? [];
  return (
    specifiers.length > 0 &&
    specifiers.every(({ importKind, exportKind }) => importKind === 'type' || exportKind === 'type')
  );
}

/** Circles in the graph of what imports what at run time, each as the list of its files. */
export function findCycles(graph: Map<string, string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    const seen = path.indexOf(file);
    if (seen >= 0) cycles.push([...path.slice(seen), file]);
    if (seen >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
