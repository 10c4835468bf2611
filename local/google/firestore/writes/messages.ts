import type { ArrayValue, Fields, Timestamp, Value } from "../types.ts";

/** Paths of the document fields that a request covers. */
export interface DocumentMask {
  readonly fieldPaths: readonly string[];
}

/** A condition for a write, a union by `conditionType`. */
export type Precondition =
  | { readonly conditionType: "exists"; readonly exists: boolean }
  | { readonly conditionType: "updateTime"; readonly updateTime: Timestamp };

/** A change of one field that depends on its stored value, a union by `transformType`. */
export type FieldTransform = { readonly fieldPath: string } & (
  | {
      readonly transformType: "setToServerValue";
      readonly setToServerValue: "SERVER_VALUE_UNSPECIFIED" | "REQUEST_TIME";
    }
  | { readonly transformType: "increment"; readonly increment: Value }
  | { readonly transformType: "maximum"; readonly maximum: Value }
  | { readonly transformType: "minimum"; readonly minimum: Value }
  | {
      readonly transformType: "appendMissingElements";
      readonly appendMissingElements: ArrayValue;
    }
  | { readonly transformType: "removeAllFromArray"; readonly removeAllFromArray: ArrayValue }
);

/** A write as the client sends it, a union by `operation`. */
export type Write = {
  readonly updateMask: DocumentMask | null;
  readonly updateTransforms: readonly FieldTransform[];
  readonly currentDocument: Precondition | null;
} & (
  | { readonly operation: "update"; readonly update: { name: string; fields: Fields } }
  | { readonly operation: "delete"; readonly delete: string }
  | {
      readonly operation: "transform";
      readonly transform: { document: string; fieldTransforms: readonly FieldTransform[] };
    }
);

/** The result of one write. */
export interface WriteResult {
  /** When the document last changed; null after a delete. */
  readonly updateTime: Timestamp | null;
  readonly transformResults: readonly Value[];
}
