/**
 * The messages of google.firestore.v1 as `local/kit/google/grpc.ts` decodes them: int64 as strings, enums
 * by name, bytes as Buffers, absent messages as null, and for each oneof its name beside the value.
 */

/** A protobuf timestamp; `seconds` is an int64. */
export interface Timestamp {
  readonly seconds: string;
  readonly nanos: number;
}

/** The fields of a document or map by their unescaped names. */
export type Fields = Readonly<Record<string, Value>>;

/** A list of values. */
export interface ArrayValue {
  readonly values: readonly Value[];
}

/** A map. A vector is also a map, with `__type__` "__vector__" and the numbers in `value`. */
export interface MapValue {
  readonly fields: Fields;
}

/** A stored value, a union by `valueType`. */
export type Value =
  | { readonly valueType: "nullValue"; readonly nullValue: "NULL_VALUE" }
  | { readonly valueType: "booleanValue"; readonly booleanValue: boolean }
  | { readonly valueType: "integerValue"; readonly integerValue: string }
  | { readonly valueType: "doubleValue"; readonly doubleValue: number }
  | { readonly valueType: "timestampValue"; readonly timestampValue: Timestamp }
  | { readonly valueType: "stringValue"; readonly stringValue: string }
  | { readonly valueType: "bytesValue"; readonly bytesValue: Buffer }
  | { readonly valueType: "referenceValue"; readonly referenceValue: string }
  | { readonly valueType: "geoPointValue"; readonly geoPointValue: GeoPoint }
  | { readonly valueType: "arrayValue"; readonly arrayValue: ArrayValue }
  | { readonly valueType: "mapValue"; readonly mapValue: MapValue };

/** A geographic point, in degrees. */
export interface GeoPoint {
  readonly latitude: number;
  readonly longitude: number;
}

/** One version of an existing document; immutable. */
export interface StoredDocument {
  /** The full resource name, `projects/…/databases/…/documents/…`. */
  readonly name: string;
  readonly fields: Fields;
  readonly createTime: Timestamp;
  readonly updateTime: Timestamp;
}

/** A field by its path in the escaped wire format, such as `` a.`b-c` ``, or `__name__`. */
export interface FieldReference {
  readonly fieldPath: string;
}

/**
 * The collections that a query reads: those named `collectionId` directly below the parent, or at
 * any depth.
 */
export interface CollectionSelector {
  readonly collectionId: string;
  readonly allDescendants: boolean;
}

/** The operator of a field filter. */
export type FieldOperator =
  | "OPERATOR_UNSPECIFIED"
  | "LESS_THAN"
  | "LESS_THAN_OR_EQUAL"
  | "GREATER_THAN"
  | "GREATER_THAN_OR_EQUAL"
  | "EQUAL"
  | "NOT_EQUAL"
  | "ARRAY_CONTAINS"
  | "IN"
  | "ARRAY_CONTAINS_ANY"
  | "NOT_IN";

/** The operator of a unary filter. */
export type UnaryOperator =
  | "OPERATOR_UNSPECIFIED"
  | "IS_NAN"
  | "IS_NULL"
  | "IS_NOT_NAN"
  | "IS_NOT_NULL";

/** A comparison of one field with a value. */
export interface FieldFilter {
  readonly field: FieldReference | null;
  readonly op: FieldOperator;
  readonly value: Value | null;
}

/** A unary test of one field. */
export interface UnaryFilter {
  readonly op: UnaryOperator;
  readonly field?: FieldReference;
}

/** Filters joined by AND or OR. */
export interface CompositeFilter {
  readonly op: "OPERATOR_UNSPECIFIED" | "AND" | "OR";
  readonly filters: readonly Filter[];
}

/** A condition on a document, a union by `filterType`. */
export type Filter =
  | { readonly filterType: "compositeFilter"; readonly compositeFilter: CompositeFilter }
  | { readonly filterType: "fieldFilter"; readonly fieldFilter: FieldFilter }
  | { readonly filterType: "unaryFilter"; readonly unaryFilter: UnaryFilter };

/** A sort direction; unspecified means ascending. */
export type Direction = "DIRECTION_UNSPECIFIED" | "ASCENDING" | "DESCENDING";

/** One sort key of a query. */
export interface Order {
  readonly field: FieldReference | null;
  readonly direction: Direction;
}

/** A position in the order of a query, given by its first sort keys. */
export interface Cursor {
  readonly values: readonly Value[];
  /** Whether the position is just before the documents with these keys, or just after them. */
  readonly before: boolean;
}

/** A nearest-neighbour search over vectors. */
interface FindNearest {
  readonly vectorField: FieldReference | null;
  readonly queryVector: Value | null;
  readonly distanceMeasure: "DISTANCE_MEASURE_UNSPECIFIED" | "EUCLIDEAN" | "COSINE" | "DOT_PRODUCT";
  readonly limit: { readonly value: number } | null;
  readonly distanceResultField: string;
  readonly distanceThreshold: { readonly value: number } | null;
}

/** A query as the client sends it. */
export interface StructuredQuery {
  readonly select: { readonly fields: readonly FieldReference[] } | null;
  readonly from: readonly CollectionSelector[];
  readonly where: Filter | null;
  readonly orderBy: readonly Order[];
  readonly startAt: Cursor | null;
  readonly endAt: Cursor | null;
  readonly offset: number;
  readonly limit: { readonly value: number } | null;
  readonly findNearest: FindNearest | null;
}

/** An aggregation over a query's results, a union by `operator`. */
export type Aggregation = { readonly alias: string } & (
  | { readonly operator: "count"; readonly count: { readonly upTo: { value: string } | null } }
  | { readonly operator: "sum"; readonly sum: { readonly field: FieldReference | null } }
  | { readonly operator: "avg"; readonly avg: { readonly field: FieldReference | null } }
);

/** A query with aggregations over its results. */
export interface StructuredAggregationQuery {
  readonly structuredQuery: StructuredQuery | null;
  readonly aggregations: readonly Aggregation[];
}

/** Whether an index serves one collection or all collections with that id. */
export type QueryScope = "COLLECTION" | "COLLECTION_GROUP";

/** One field of an index in `firestore.indexes.json`: sorted, or indexed by its array elements. */
export interface IndexField {
  readonly fieldPath: string;
  readonly order?: "ASCENDING" | "DESCENDING";
  readonly arrayConfig?: "CONTAINS";
}

/** A composite index in the format of `firestore.indexes.json`. */
export interface CompositeIndex {
  readonly collectionGroup: string;
  readonly queryScope: QueryScope;
  readonly fields: readonly IndexField[];
}

/**
 * Indexes that replace the automatic ones of a field, in the format of `firestore.indexes.json`.
 */
export interface FieldOverride {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  /** Whether documents of the group are deleted some time after the time in this field. */
  readonly ttl?: boolean;
  readonly indexes: readonly {
    readonly queryScope: QueryScope;
    readonly order?: "ASCENDING" | "DESCENDING";
    readonly arrayConfig?: "CONTAINS";
  }[];
}

/** The content of `firestore.indexes.json`. */
export interface IndexConfiguration {
  readonly indexes: readonly CompositeIndex[];
  readonly fieldOverrides: readonly FieldOverride[];
}
