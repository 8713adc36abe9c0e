/** docs/api.md, made from the OpenAPI document. */
import { endpoints } from '../contract/src/endpoints.ts';
import { PROBLEMS } from '../contract/src/problems.ts';
import { openApiDocument } from '../server/src/routes/openapi.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
}

interface Operation {
  tags: string[];
  summary: string;
  security?: object[];
  parameters?: { name: string }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
  description?: string;
}

interface Document {
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** The whole page. */
export function apiPage(): string {
  const document = openApiDocument(endpoints, '/') as unknown as Document;
  return `# API

Every call of the server, made from its OpenAPI 3.1 document by \`node scripts/make-docs.ts\`. A running server shows the same with all schemas at
\`/docs\` and \`/openapi.json\`. Base path \`/api/v1\`; \`/auth/*\` and \`/challenges*\` answer without it too.

JSON fields are snake_case, times RFC 3339 UTC, ids UUIDv7. Lists are \`{ items, next_cursor }\`; send \`next_cursor\` back as \`cursor\`. Log in and send
\`Authorization: Bearer <access_token>\`; the token lasts 30 minutes, \`/auth/refresh\` gives the next one. Errors are \`application/problem+json\`: switch on \`code\`.
A call that takes an \`Idempotency-Key\` gives the same answer to the same key for 24 h. Limits answer 429 with \`Retry-After\`.

${document.tags.map(({ name }) => section(name, document)).join('\n\n')}

## Schemas

${Object.entries(document.components.schemas)
  .map(([name, schema]) => schemaTable(name, schema))
  .join('\n\n')}

## Problems

| code | status | title |
| --- | --- | --- |
${Object.entries(PROBLEMS)
  .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`)
  .join('\n')}
`;
}

function section(tag: string, document: Document): string {
  const rows = Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      return operation?.tags.includes(tag) ? [row(method, path, operation)] : [];
    }),
  );
  return `## ${tag}\n\n| call | does | token | body | answer |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function row(method: string, path: string, { summary, security, parameters = [], requestBody, responses }: Operation): string {
  const key = parameters.some(({ name }) => name === 'Idempotency-Key') ? '; takes an `Idempotency-Key`' : '';
  const token = security === undefined || security.length === 0 ? '' : security.length > 1 ? 'optional' : 'needed';
  const [status = '', answer] = Object.entries(responses).find(([code]) => Number(code) < 400) ?? [];
  const body = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) =>
    type === 'application/json' ? typeOf(schema) : `\`${type}\``,
  );
  const shown = Object.entries(answer?.content ?? {}).map(([type, { schema }]) =>
    type === 'application/json' ? typeOf(schema) : `\`${type}\``,
  );
  return `| \`${method.toUpperCase()} ${path.replace('/api/v1', '')}\` | ${summary}${key} | ${token} | ${body.join(', ')} | ${[status, ...shown].join(' ')} |`;
}

function schemaTable(name: string, schema: Schema): string {
  const { properties, required = [] } = schema;
  if (properties === undefined) {
    return `### ${name}\n\n${typeOf(schema)}`;
  }
  const rows = Object.entries(properties).map(
    ([field, schema]) => `| \`${field}\`${required.includes(field) ? '' : '?'} | ${typeOf(schema)} | ${schema.description ?? ''} |`,
  );
  return `### ${name}\n\n| field | type | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

/** A type in a few words; a named schema links to its table. */
function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) {
    return '';
  }
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) {
    return `\`${JSON.stringify(schema.const)}\``;
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return choices.map(typeOf).join(' or ');
  }
  if (schema.items !== undefined) {
    return `list of ${typeOf(schema.items)}`;
  }
  return [schema.type].flat().join(' or ') + (schema.format === undefined ? '' : ` (${schema.format})`);
}
