/**
 * What copies an answer field by field as its schema lists them, compiled once for each schema: a page of 20 takes an eighth of what
 * `parse` takes. Names and kinds of the values are held to; formats and ranges (a UUID, a time, a length) are not checked again
 * in what the program itself has made.
 */
import type { z } from 'zod';

/** A copy of `value` with nothing but what the schema names. Throws where a value is of another kind than the schema says. */
export type Picker = (value: unknown) => unknown;

type Schema = z.core.$ZodTypes;

/** Compiles the picker of `schema`. Kinds that are not known here are left to `parse`, with all it checks. */
export function pickerOf(schema: z.core.$ZodType): Picker {
  const helpers: unknown[] = [];
  const code = codeOf(schema as Schema, 'v', '', (helper) => `h[${helpers.push(helper) - 1}]`);
  // Text from our own schemas alone, as with zod's own compiled parsers.
  return new Function('h', `return (v) => ${code}`)(helpers) as Picker;
}

/** An expression that picks from the variable `from`; `at` is where in the answer that is, `keep` hands an object to the code. */
function codeOf(schema: Schema, from: string, at: string, keep: (helper: unknown) => string): string {
  const { def } = schema._zod;
  const hold = (test: string) => `(${test} ? ${from} : ${keep(failAt(at))}())`;
  switch (def.type) {
    case 'string':
      return hold(`typeof ${from} === 'string'`);
    case 'boolean':
      return hold(`typeof ${from} === 'boolean'`);
    case 'number':
      return hold('format' in def && def.format === 'safeint' ? `Number.isSafeInteger(${from})` : `Number.isFinite(${from})`);
    case 'null':
      return hold(`${from} === null`);
    case 'literal':
      return hold(`${keep(new Set(def.values))}.has(${from})`);
    case 'enum':
      return hold(`${keep(new Set(Object.values(def.entries)))}.has(${from})`);
    case 'nullable':
      return `(${from} === null ? null : ${codeOf(def.innerType as Schema, from, at, keep)})`;
    case 'array':
      return `${keep(arrayOf(at))}(${from}, (v) => ${codeOf(def.element as Schema, 'v', `${at}/*`, keep)})`;
    case 'object':
      if (def.catchall === undefined) {
        return `${keep(objectOf(at))}(${from}, (o) => ({ ${fieldsOf(def.shape, at, keep)} }))`;
      }
  }
  return `${keep((value: unknown) => (schema as unknown as z.ZodType).parse(value))}(${from})`;
}

function fieldsOf(shape: z.core.$ZodShape, at: string, keep: (helper: unknown) => string): string {
  return Object.entries(shape)
    .map(([name, field]) => {
      const key = JSON.stringify(name);
      return `${key}: ((v) => ${codeOf(field as Schema, 'v', `${at}/${name}`, keep)})(o[${key}])`;
    })
    .join(', ');
}

function arrayOf(at: string) {
  const fail = failAt(at);
  return (value: unknown, pick: Picker) => (Array.isArray(value) ? value.map((each) => pick(each)) : fail());
}

function objectOf(at: string) {
  const fail = failAt(at);
  return (value: unknown, pick: Picker) => (typeof value === 'object' && value !== null ? pick(value) : fail());
}

/** Says where, never what: answers hold secrets. */
function failAt(at: string): () => never {
  return () => {
    throw new TypeError(`an answer does not fit its schema at ${at || '/'}`);
  };
}
