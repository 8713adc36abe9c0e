/** How zod schemas check what comes in and filter what goes out. */
import { type FieldError, Problem } from '@2t1l/contract/problems';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify/types/schema.d.ts';
import type { z } from 'zod';
import { pickerOf } from './picker.ts';

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

/** An allow-list: what the schema does not name is dropped, a value of another kind than it says throws. */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema }) => {
  const pick = pickerOf(schema);
  return (data: unknown) => JSON.stringify(pick(data));
};

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
