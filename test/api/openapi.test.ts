/** The description of the API: valid, complete, and only as long as the caller's rights go. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, nobody, type Server, startServer } from './server.ts';

let server: Server;
let api: Json;
beforeAll(async () => {
  server = await startServer('openapi');
  api = (await server.call(server.ada, 'GET', '/api/openapi.json')).body;
});
afterAll(() => server.close());

const operations = (document: Json): [string, string, Json][] =>
  Object.entries(document.paths as Record<string, Json>).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Json>).map(([method, operation]): [string, string, Json] => [
      path,
      method,
      operation,
    ]),
  );

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(api);
  expect(result.errors ?? []).toEqual([]);
  expect([result.valid, validator.version]).toEqual([true, '3.1']);
});

test('every route of the API is in it, for every object', () => {
  const described = new Set(operations(api).map(([path, method]) => `${method.toUpperCase()} ${path}`));
  const model = server.system.model;
  for (const route of server.farley.app.allRoutes) {
    for (const method of [route.method].flat().filter(name => name !== 'HEAD')) {
      const url = route.url.replace(/\*$/, '{path}').replace(/:(\w+)/g, '{$1}');
      if (url.endsWith('/{verb}')) continue;
      const urls =
        url.includes('{path}/') || url === '/api/{path}'
          ? [...model.objects.values()]
              .filter(object => route.config?.doc?.of?.(object) !== false)
              .map(object => url.replace('{path}', object.path))
          : [url];
      for (const each of urls) expect(described).toContain(`${method} ${each}`);
    }
  }
  for (const object of model.objects.values())
    for (const verb of object.verbs.keys())
      expect(described).toContain(`POST /api/${object.path}/{id}/${verb}`);
});

test('every operation has a summary, a section, an answer and a name of its own', () => {
  const ids = operations(api).map(([path, method, operation]) => {
    expect(operation.summary, `${method} ${path}`).toMatch(/^[A-Z][^{}]+$/);
    expect(operation.tags).toHaveLength(1);
    expect(Object.keys(operation.responses)).toContain('default');
    const named = [...path.matchAll(/{(\w+)}/g)].map(match => match[1]);
    const parameters = operation.parameters.filter((parameter: Json) => parameter.in === 'path');
    expect(parameters.map((parameter: Json) => parameter.name).sort()).toEqual(named.sort());
    return operation.operationId;
  });
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(api).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    match => match[1],
  );
  expect(references.length).toBeGreaterThan(50);
  for (const name of references) expect(Object.keys(api.components.schemas)).toContain(name);
});

test('who may only read is offered no writing', async () => {
  const { body } = await server.call(server.rita, 'GET', '/api/openapi.json');
  const paths = operations(body).map(([path, method]) => `${method} ${path}`);
  expect(paths).toContain('get /api/companies');
  expect(paths).not.toContain('post /api/companies');
  expect(paths).not.toContain('delete /api/companies/{id}');
  expect(paths).not.toContain('post /api/deals/{id}/move');
});

test('a field added later is described at once', async () => {
  await server.call(server.ada, 'POST', '/api/objects/company/fields', { name: 'loyalty', type: 'rating' });
  const { body } = await server.call(server.ada, 'GET', '/api/openapi.json');
  expect(body.components.schemas.company.properties).toHaveProperty('loyalty');
  expect(body.components.schemas.companyInput.properties).toHaveProperty('loyalty');
});

test('the reference page needs no network beyond Farley', async () => {
  const { status, text, headers } = await server.call(nobody, 'GET', '/api/docs');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text.match(/(https?:)?\/\/[a-z]/gi) ?? []).toEqual([]);
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
});
