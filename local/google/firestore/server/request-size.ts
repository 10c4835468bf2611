import { invalidArgument } from "../grpc-error.ts";
import type { Fields, Timestamp, Value } from "../types.ts";
import type { FieldTransform, Precondition, Write } from "../writes/messages.ts";

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** The parts of a writing request that count towards its size. */
interface WritingRequest {
  readonly database: string;
  readonly writes: readonly Write[];
  readonly transaction?: Buffer;
}

/**
 * Throws INVALID_ARGUMENT for a request above the service's limit. Google's emulator accepts only 4
 * MiB and answers RESOURCE_EXHAUSTED.
 */
export function assertRequestSize(request: WritingRequest): void {
  const bytes = requestBytes(request);
  if (bytes <= MAX_REQUEST_BYTES) return;
  throw invalidArgument(
    `Request payload size exceeds the limit: ${MAX_REQUEST_BYTES} bytes (it has ${bytes}).`,
  );
}

/**
 * The size of a request as protobuf, whether or not it was sent over a network. Tags take one byte,
 * except for field numbers above 15.
 * https://protobuf.dev/programming-guides/encoding/
 */
export function requestBytes({ database, writes, transaction }: WritingRequest): number {
  const id = transaction === undefined || transaction.length === 0 ? 0 : framed(transaction.length);
  return text(database) + id + sum(writes, (write) => framed(writeBytes(write)));
}

function writeBytes(write: Write): number {
  const mask = write.updateMask ? framed(sum(write.updateMask.fieldPaths, text)) : 0;
  const transforms = sum(write.updateTransforms, (transform) => framed(transformBytes(transform)));
  const condition = write.currentDocument ? framed(conditionBytes(write.currentDocument)) : 0;
  return operationBytes(write) + mask + transforms + condition;
}

function operationBytes(write: Write): number {
  switch (write.operation) {
    case "update":
      return framed(text(write.update.name) + fieldsBytes(write.update.fields));
    case "delete":
      return text(write.delete);
    case "transform": {
      const { document, fieldTransforms } = write.transform;
      return framed(text(document) + sum(fieldTransforms, (one) => framed(transformBytes(one))));
    }
    default:
      return 0;
  }
}

function conditionBytes(condition: Precondition): number {
  return condition.conditionType === "exists" ? 2 : framed(timestampBytes(condition.updateTime));
}

function transformBytes(transform: FieldTransform): number {
  const path = text(transform.fieldPath);
  switch (transform.transformType) {
    case "setToServerValue":
      return path + 2;
    case "increment":
      return path + framed(valueBytes(transform.increment));
    case "maximum":
      return path + framed(valueBytes(transform.maximum));
    case "minimum":
      return path + framed(valueBytes(transform.minimum));
    case "appendMissingElements":
      return path + framed(listBytes(transform.appendMissingElements.values));
    case "removeAllFromArray":
      return path + framed(listBytes(transform.removeAllFromArray.values));
    default:
      return path;
  }
}

function fieldsBytes(fields: Fields): number {
  return sum(Object.entries(fields), ([name, value]) =>
    framed(text(name) + framed(valueBytes(value))),
  );
}

function listBytes(values: readonly Value[]): number {
  return sum(values, (value) => framed(valueBytes(value)));
}

function valueBytes(value: Value): number {
  switch (value.valueType) {
    case "nullValue":
    case "booleanValue":
      return 2;
    case "integerValue":
      return 1 + varintBytes(BigInt.asUintN(64, BigInt(value.integerValue)));
    case "doubleValue":
      return 9;
    case "timestampValue":
      return framed(timestampBytes(value.timestampValue));
    case "stringValue":
      return 1 + text(value.stringValue);
    case "bytesValue":
      return 1 + framed(value.bytesValue.length);
    case "referenceValue":
      return text(value.referenceValue);
    case "geoPointValue":
      return framed(18);
    case "arrayValue":
      return framed(listBytes(value.arrayValue.values));
    case "mapValue":
      return framed(fieldsBytes(value.mapValue.fields));
    default:
      return 0;
  }
}

function timestampBytes({ seconds, nanos }: Timestamp): number {
  return 2 + varintBytes(BigInt.asUintN(64, BigInt(seconds))) + varintBytes(BigInt(nanos));
}

function text(content: string): number {
  return framed(Buffer.byteLength(content));
}

/** The size of a length-delimited field with its tag and length. */
function framed(bytes: number): number {
  return 1 + lengthBytes(bytes) + bytes;
}

function lengthBytes(length: number): number {
  let bytes = 1;
  for (let left = length; left > 127; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
}

function varintBytes(value: bigint): number {
  return value < 128n ? 1 : Math.ceil(value.toString(2).length / 7);
}

function sum<Item>(items: readonly Item[], bytesOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + bytesOf(item), 0);
}
