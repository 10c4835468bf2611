import { type FieldPath, parseFieldPath } from "../field-paths.ts";
import { invalidArgument } from "../grpc-error.ts";
import type {
  Aggregation,
  FieldReference,
  StoredDocument,
  StructuredAggregationQuery,
  Value,
} from "../types.ts";
import { averageOf, sumOf } from "../values/numbers.ts";
import { type CompiledQuery, compileQuery } from "./compile.ts";
import { isNameField, queriedValue } from "./condition.ts";
import { countedDocuments } from "./run.ts";

/** https://firebase.google.com/docs/firestore/query-data/aggregation-queries */
const MAX_AGGREGATIONS = 5;

const RESERVED_ALIAS = /^__.*__$/;

/** A checked aggregation query. */
export interface CompiledAggregation {
  readonly query: CompiledQuery;
  readonly figures: readonly Figure[];
}

type Figure =
  | { readonly alias: string; readonly kind: "count"; readonly upTo: bigint | null }
  | { readonly alias: string; readonly kind: "sum" | "average"; readonly field: FieldPath };

/**
 * Validates an aggregation query and its base query. Throws INVALID_ARGUMENT for what Firestore
 * refuses.
 */
export function compileAggregation(
  parent: string,
  { structuredQuery, aggregations }: StructuredAggregationQuery,
): CompiledAggregation {
  if (structuredQuery === null) throw invalidArgument("The query to aggregate is missing.");
  if (aggregations.length === 0) throw invalidArgument("Aggregations can not be empty.");
  if (aggregations.length > MAX_AGGREGATIONS) {
    throw invalidArgument(`The maximum number of aggregations allowed is ${MAX_AGGREGATIONS}.`);
  }
  const figures = aggregations.map(compileFigure);
  assertDistinct(figures.map((figure) => figure.alias));
  const fields = figures.flatMap((figure) => (figure.kind === "count" ? [] : [figure.field]));
  return { query: compileQuery(parent, structuredQuery, fields), figures };
}

/**
 * The results of all aggregations by alias. All are computed over the same documents: those that
 * have every summed or averaged field.
 */
export function runAggregation(
  { query, figures }: CompiledAggregation,
  documents: Iterable<StoredDocument>,
): Record<string, Value> {
  const results = countedDocuments(query, documents);
  return Object.fromEntries(figures.map((figure) => [figure.alias, compute(figure, results)]));
}

function compute(figure: Figure, documents: readonly StoredDocument[]): Value {
  if (figure.kind === "count") {
    const all = BigInt(documents.length);
    const count = figure.upTo !== null && figure.upTo < all ? figure.upTo : all;
    return { valueType: "integerValue", integerValue: count.toString() };
  }
  const values = documents.flatMap((document) => queriedValue(document, figure.field) ?? []);
  return figure.kind === "sum" ? sumOf(values) : averageOf(values);
}

function compileFigure(aggregation: Aggregation, index: number): Figure {
  const alias = aggregation.alias === "" ? `field_${index + 1}` : aggregation.alias;
  if (RESERVED_ALIAS.test(alias)) throw invalidArgument(`The alias "${alias}" is reserved.`);
  switch (aggregation.operator) {
    case "count":
      return { alias, kind: "count", upTo: compileUpTo(aggregation.count.upTo) };
    case "sum":
      return { alias, kind: "sum", field: aggregatedField(aggregation.sum.field) };
    case "avg":
      return { alias, kind: "average", field: aggregatedField(aggregation.avg.field) };
    default:
      throw invalidArgument("Operator field in Aggregation is not set.");
  }
}

function compileUpTo(upTo: { readonly value: string } | null): bigint | null {
  if (upTo === null) return null;
  const most = BigInt(upTo.value);
  if (most < 0n) {
    throw invalidArgument(
      "The `up_to` value in a COUNT aggregation must be greater than or equal to zero.",
    );
  }
  return most;
}

function aggregatedField(reference: FieldReference | null): FieldPath {
  const field = parseFieldPath(reference?.fieldPath ?? "");
  if (isNameField(field)) {
    throw invalidArgument("Aggregations are not supported for the property: __name__");
  }
  return field;
}

function assertDistinct(aliases: readonly string[]): void {
  const repeated = aliases.find((alias, index) => aliases.indexOf(alias) < index);
  if (repeated !== undefined) {
    throw invalidArgument(`Aggregation aliases contain duplicate alias: ${repeated}.`);
  }
}
