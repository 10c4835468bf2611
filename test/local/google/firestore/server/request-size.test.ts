import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeFields } from "../../../../../local/google/firestore/direct/values.ts";
import { requestBytes } from "../../../../../local/google/firestore/server/request-size.ts";
import type { Write } from "../../../../../local/google/firestore/writes/messages.ts";
import { loadProto } from "../../../../../local/kit/google/grpc.ts";
import { googleProtos, serviceDefinition } from "../../../../../local/kit/google/rpc.ts";

const proto = loadProto("google/firestore/v1/firestore.proto", [
  googleProtos("@google-cloud/firestore"),
]);
const { Commit } = serviceDefinition(proto, "google.firestore.v1.Firestore");

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, new Date("1969-07-20T20:17:40.123Z")),
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }),
    fc.maxSafeInteger(),
    fc.double(),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 5 }),
  ),
})).value;
const fields = fc.dictionary(fc.string({ minLength: 1 }), value).map(encodeFields);
const name = fc.string({ minLength: 1, maxLength: 300 });

const plain = { updateMask: null, updateTransforms: [], currentDocument: null } as const;
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(name, fields).map(
    ([at, content]): Write => ({
      ...plain,
      operation: "update",
      update: { name: at, fields: content },
      updateMask: { fieldPaths: Object.keys(content) },
      currentDocument: { conditionType: "exists", exists: true },
    }),
  ),
  fc.tuple(name, fc.nat()).map(
    ([at, seconds]): Write => ({
      ...plain,
      operation: "delete",
      delete: at,
      currentDocument: {
        conditionType: "updateTime",
        updateTime: { seconds: `${seconds}`, nanos: 5 },
      },
    }),
  ),
);

test("the size of a request is what it takes as protobuf", () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 5 }), fc.uint8Array(), (writes, id) => {
      const request = { database: "projects/p/databases/d", writes, transaction: Buffer.from(id) };
      const sent = id.length === 0 ? { database: request.database, writes } : request;
      expect(requestBytes(request)).toBe(Commit?.requestSerialize(sent).length);
    }),
    { seed: 7 },
  );
});
