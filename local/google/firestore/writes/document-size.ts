import { invalidArgument } from "../grpc-error.ts";
import { parseDocumentName } from "../names.ts";
import type { Fields, Value } from "../types.ts";

/** https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields */
const MAX_DOCUMENT_BYTES = 1_048_576;

/** The size of a document in bytes. Throws INVALID_ARGUMENT when it exceeds Firestore's limit. */
export function checkDocumentSize(name: string, fields: Fields): number {
  const bytes = sizeOfName(name) + sizeOfFields(fields) + DOCUMENT_OVERHEAD_BYTES;
  if (bytes <= MAX_DOCUMENT_BYTES) return bytes;
  throw invalidArgument(
    `Document '${name}' cannot be written because its size (${bytes} bytes) exceeds the maximum ` +
      `allowed size of ${MAX_DOCUMENT_BYTES} bytes.`,
  );
}

/** How Firestore computes sizes: https://firebase.google.com/docs/firestore/storage-size */
const DOCUMENT_OVERHEAD_BYTES = 32;
const NAME_OVERHEAD_BYTES = 16;
const NUMBER_BYTES = 8;
const GEO_POINT_BYTES = 16;

function sizeOfName(name: string): number {
  const { segments } = parseDocumentName(name);
  return segments.reduce((bytes, id) => bytes + sizeOfString(id), NAME_OVERHEAD_BYTES);
}

function sizeOfString(text: string): number {
  return Buffer.byteLength(text) + 1;
}

function sizeOfFields(fields: Fields): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) bytes += sizeOfString(name) + sizeOf(value);
  return bytes;
}

/** A value's size in bytes, in a document and in an index. */
export function sizeOf(value: Value): number {
  switch (value.valueType) {
    case "nullValue":
    case "booleanValue":
      return 1;
    case "integerValue":
    case "doubleValue":
    case "timestampValue":
      return NUMBER_BYTES;
    case "geoPointValue":
      return GEO_POINT_BYTES;
    case "stringValue":
      return sizeOfString(value.stringValue);
    case "bytesValue":
      return value.bytesValue.length;
    case "referenceValue":
      return sizeOfName(value.referenceValue);
    case "arrayValue":
      return value.arrayValue.values.reduce((bytes, item) => bytes + sizeOf(item), 0);
    case "mapValue":
      return sizeOfFields(value.mapValue.fields);
  }
}
