import type { ArrayValue, Fields, Timestamp, Value } from "../types.ts";

/** The fields of a document that a request is about, by their paths. */
export interface DocumentMask {
  readonly fieldPaths: readonly string[];
}

/** What must hold of a document for a write to happen, told apart by `conditionType`. */
export type Precondition =
  | { readonly conditionType: "exists"; readonly exists: boolean }
  | { readonly conditionType: "updateTime"; readonly updateTime: Timestamp };

/** One change to one field that depends on what is stored, told apart by `transformType`. */
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

/** One write as the client sends it, told apart by `operation`. */
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

/** What became of one write. */
export interface WriteResult {
  /** When the document last changed; null once it is deleted. */
  readonly updateTime: Timestamp | null;
  readonly transformResults: readonly Value[];
}
