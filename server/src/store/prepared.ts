/** Queries that are built and compiled once: Kysely takes 20 to 60 µs for that, as long as SQLite takes for the query itself. */
import type { Compilable, CompiledQuery, DialectAdapter, QueryResult } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import { connectionOf } from './transact.ts';

type Value = string | number | null;
type Values = Readonly<Record<string, Value | readonly Value[]>>;

/** Stands in a compiled query where a value goes. */
class Slot {
  readonly name: string;
  /** In a list of values; null where the value is no list. */
  readonly place: number | null;

  constructor(name: string, place: number | null) {
    this.name = name;
    this.place = place;
  }
}

/**
 * A query whose values come with each call. `build` is called once for each dialect and length of the lists among the values; it
 * may hand `values` on to Kysely but never look at them, as they are slots. Lists are those of a page: their lengths are few.
 */
export function prepared<V extends Values, Row>(
  build: (db: Db | Tx, values: V) => Compilable<Row>,
): (db: Db | Tx, values: V) => Promise<Row[]> {
  const known = new WeakMap<DialectAdapter, Map<string, CompiledQuery<Row>>>();
  return async (db, values) => {
    const { adapter } = db.getExecutor();
    const shapes = known.get(adapter) ?? new Map<string, CompiledQuery<Row>>();
    known.set(adapter, shapes);
    const shape = shapeOf(values);
    const compiled = shapes.get(shape) ?? build(db, slotsOf(values)).compile();
    shapes.set(shape, compiled);
    const query: CompiledQuery<Row> = { ...compiled, parameters: compiled.parameters.map((parameter) => fill(parameter, values)) };
    return (await run<Row>(db, query)).rows;
  };
}

function run<Row>(db: Db | Tx, query: CompiledQuery<Row>): Promise<QueryResult<Row>> {
  const held = connectionOf(db);
  if (held !== undefined) {
    return held.executeQuery(query);
  }
  return db.getExecutor().provideConnection((connection) => connection.executeQuery<Row>(query));
}

/** The lengths of the lists. */
function shapeOf(values: Values): string {
  let shape = '';
  for (const name in values) {
    const value = values[name];
    if (Array.isArray(value)) {
      shape += `${name}${value.length}`;
    }
  }
  return shape;
}

function slotsOf<V extends Values>(values: V): V {
  const slots = Object.entries(values).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((_, place) => new Slot(name, place)) : new Slot(name, null),
  ]);
  // Kysely hands a slot through to the compiled query as it does with every value.
  return Object.fromEntries(slots) as V;
}

/** What `build` itself has written into the query stays. */
function fill(parameter: unknown, values: Values): unknown {
  if (!(parameter instanceof Slot)) {
    return parameter;
  }
  const value = values[parameter.name];
  return parameter.place === null ? value : (value as readonly Value[])[parameter.place];
}
