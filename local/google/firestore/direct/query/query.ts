import type {
  Comparison,
  CountQuery,
  CountSnapshot,
  Query,
  QuerySnapshot,
} from "../../../../../shared/ports/database.ts";
import { formatFieldPath, NAME_FIELD } from "../../field-paths.ts";
import type { Consistency } from "../../server/messages.ts";
import type { StructuredQuery, Value } from "../../types.ts";
import { assertInteger, assertNotEmpty } from "../arguments.ts";
import type { DirectFirestore } from "../direct-firestore.ts";
import { fieldPath } from "../paths.ts";
import { DirectFoundSnapshot, querySnapshot } from "../snapshots.ts";
import { decodeValue } from "../values.ts";
import { cursorOf } from "./cursor.ts";
import { parseDirection, parseFilter } from "./query-arguments.ts";
import { type QueryOptions, structuredQuery } from "./query-options.ts";

/** A read's result, and the transaction it began. */
export interface Begun<Result> {
  readonly result: Result;
  readonly transaction: Buffer | undefined;
}

/** A query with the interface of Google's client. */
export class DirectQuery implements Query {
  readonly firestore: DirectFirestore;
  readonly options: QueryOptions;

  constructor(firestore: DirectFirestore, options: QueryOptions) {
    this.firestore = firestore;
    this.options = options;
  }

  where(field: string, comparison: Comparison, value: unknown): DirectQuery {
    if (this.options.startAt || this.options.endAt) {
      throw new Error(
        "Cannot specify a where() filter after calling startAt(), startAfter(), endBefore() or endAt().",
      );
    }
    const filter = parseFilter(this, field, comparison, value);
    return this.#with({ filters: [...this.options.filters, filter] });
  }

  orderBy(field: string, direction?: "asc" | "desc"): DirectQuery {
    const path = fieldPath("fieldPath", field);
    const parsed = parseDirection(direction);
    if (this.options.startAt || this.options.endAt) {
      throw new Error(
        "Cannot specify an orderBy() constraint after calling startAt(), startAfter(), endBefore() or endAt().",
      );
    }
    return this.#with({ orders: [...this.options.orders, { path, direction: parsed }] });
  }

  limit(count: number): DirectQuery {
    assertInteger("limit", count);
    return this.#with({ limit: count });
  }

  select(...fields: string[]): DirectQuery {
    const paths = fields.map((field, index) => formatFieldPath(fieldPath(index, field)));
    return this.#with({ projection: paths.length === 0 ? [NAME_FIELD] : paths });
  }

  startAt(...values: unknown[]): DirectQuery {
    assertNotEmpty("Query.startAt", values);
    const { orders, cursor } = cursorOf(this, values, { before: true });
    return this.#with({ orders, startAt: cursor });
  }

  startAfter(...values: unknown[]): DirectQuery {
    assertNotEmpty("Query.startAfter", values);
    const { orders, cursor } = cursorOf(this, values, { before: false });
    return this.#with({ orders, startAt: cursor });
  }

  endBefore(...values: unknown[]): DirectQuery {
    assertNotEmpty("Query.endBefore", values);
    const { orders, cursor } = cursorOf(this, values, { before: true });
    return this.#with({ orders, endAt: cursor });
  }

  count(): DirectCountQuery {
    return new DirectCountQuery(this);
  }

  async get(): Promise<QuerySnapshot> {
    const { result } = await this.run({});
    return result;
  }

  /** Runs the query at a read time or in a transaction. */
  async run(consistency: Consistency): Promise<Begun<QuerySnapshot>> {
    const responses = await this.firestore.calls.runQuery({ ...this.#request(), ...consistency });
    const docs = responses.flatMap(({ document, readTime }) =>
      document && readTime
        ? [new DirectFoundSnapshot(this.firestore.documentNamed(document.name), document, readTime)]
        : [],
    );
    const readTime = responses.findLast((response) => response.readTime)?.readTime;
    if (readTime === undefined) throw new Error("No QuerySnapshot result");
    return { result: querySnapshot(docs, readTime), transaction: transactionOf(responses) };
  }

  /** Computes one aggregation over the results. */
  async aggregate(
    figure: { readonly kind: "count" } | { readonly kind: "sum"; readonly field: string },
    consistency: Consistency,
  ): Promise<Begun<unknown>> {
    const { parent, structuredQuery: query } = this.#request();
    const aggregation =
      figure.kind === "count"
        ? ({ operator: "count", count: { upTo: null } } as const)
        : ({ operator: "sum", sum: { field: { fieldPath: aggregated(figure.field) } } } as const);
    const responses = await this.firestore.calls.runAggregation({
      parent,
      structuredAggregationQuery: {
        structuredQuery: query,
        aggregations: [{ alias: ALIAS, ...aggregation }],
      },
      ...consistency,
    });
    const value = responses.find(({ result }) => result)?.result?.aggregateFields[ALIAS];
    if (value === undefined) throw new Error("No AggregateQuery results");
    return { result: this.#decode(value), transaction: transactionOf(responses) };
  }

  #request(): { parent: string; structuredQuery: StructuredQuery } {
    return {
      parent: [this.firestore.rootName, ...this.options.parent].join("/"),
      structuredQuery: structuredQuery(this.options),
    };
  }

  #decode(value: Value): unknown {
    return decodeValue(this.firestore, value);
  }

  #with(options: Partial<QueryOptions>): DirectQuery {
    return new DirectQuery(this.firestore, { ...this.options, ...options });
  }
}

/** A query for the number of results. */
export class DirectCountQuery implements CountQuery {
  readonly query: DirectQuery;

  constructor(query: DirectQuery) {
    this.query = query;
  }

  async get(): Promise<CountSnapshot> {
    const { result } = await this.run({});
    return result;
  }

  /** Counts at a read time or in a transaction. */
  async run(consistency: Consistency): Promise<Begun<CountSnapshot>> {
    const { result, transaction } = await this.query.aggregate({ kind: "count" }, consistency);
    return { result: { data: () => ({ count: Number(result) }) }, transaction };
  }
}

const ALIAS = "aggregate_0";

function aggregated(field: string): string {
  return formatFieldPath(fieldPath("field", field));
}

function transactionOf(
  responses: readonly { readonly transaction?: Buffer }[],
): Buffer | undefined {
  return responses.find(({ transaction }) => transaction)?.transaction;
}
