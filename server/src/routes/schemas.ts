/** How zod schemas check what comes in and filter what goes out. */
import { type FieldError, Problem } from '@2t1l/contract/problems';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify/types/schema.d.ts';
import type { z } from 'zod';

/** Refuses with `invalid_request` and a JSON pointer for each field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const root = httpPart === 'body' ? '#' : `#/${httpPart === 'querystring' ? 'query' : httpPart}`;
  return (data: unknown) => {
    // A body that was not sent comes as null and counts as an empty one: what is missing is then said field by field.
    const result = schema.safeParse(data ?? {});
    if (result.success) {
      return { value: result.data };
    }
    return { error: new Problem('invalid_request', { errors: result.error.issues.flatMap((issue) => fieldErrors(issue, root)) }) };
  };
};

/**
 * An allow-list: what the schema does not name is dropped, what does not fit it throws. zod and `JSON.stringify` take 3 µs for `/me`
 * and 49 µs for a page of 20; fast-json-stringify takes 2 and 17, but throws on our unions and checks nothing.
 */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) =>
    JSON.stringify(schema.parse(data));

function fieldErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const at = issue.path.reduce<string>((pointer, step) => `${pointer}/${escapeStep(step)}`, root);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: `${at}/${escapeStep(key)}`, detail: 'unknown field' }));
  }
  return [{ pointer: at, detail: issue.message }];
}

/** RFC 6901, 3. */
function escapeStep(step: PropertyKey): string {
  return String(step).replaceAll('~', '~0').replaceAll('/', '~1');
}
