import { randomBytes } from "node:crypto";
import firestore from "@google-cloud/firestore";
import { credentials, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, connect } from "./support.ts";

/* What this project's client never sends, but clients in other languages and browsers do. */

let connection: Connection;
let calls: InstanceType<typeof firestore.v1.FirestoreClient>;
let database: string;
beforeAll(async () => {
  connection = await connect();
  const { hostname, port } = new URL(`http://${connection.host}`);
  calls = new firestore.v1.FirestoreClient({
    servicePath: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    gaxServerStreamingRetries: true,
  });
  database = connection.name;
});
afterAll(async () => {
  await calls.close();
  await connection.close();
});

const whole = (n: number) => ({ integerValue: n });
const newCollection = () => connection.collection().id;
const nameOf = (collection: string, id: string) => `${database}/documents/${collection}/${id}`;

/** The header with which the SDK asks every emulator for full access. */
const owner = { otherArgs: { headers: { Authorization: "Bearer owner" } } };

/** Everything a server stream returns. */
async function all<T>(stream: NodeJS.ReadableStream): Promise<T[]> {
  const messages: T[] = [];
  await new Promise<void>((resolve, reject) => {
    stream.on("data", (message: T) => messages.push(message));
    stream.on("end", resolve);
    stream.on("error", reject);
  });
  return messages;
}

/** The results of a transaction's reads. */
interface ReadMessage {
  readonly transaction: Buffer;
  readonly found?: { readonly fields: { readonly n: { readonly integerValue: string } } };
}

describe("single documents", () => {
  test("are created under an id of the server's choice, or a given one, once", async () => {
    const collection = newCollection();
    const request = { parent: `${database}/documents`, collectionId: collection };
    const [chosen] = await calls.createDocument(
      {
        ...request,
        document: { fields: { n: whole(1) } },
      },
      owner,
    );
    expect(chosen.name).toMatch(/\/[A-Za-z0-9]{20}$/);
    const given = { ...request, documentId: "given", document: { fields: { n: whole(2) } } };
    const [created] = await calls.createDocument(given, owner);
    expect(created.name).toBe(nameOf(collection, "given"));
    await expect(calls.createDocument(given, owner)).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    });
  });

  test("are got whole or by mask, and are not found when they are not there", async () => {
    const collection = newCollection();
    await connection.database.doc(`${collection}/a`).set({ n: 1, m: 2 });
    const name = nameOf(collection, "a");
    const [document] = await calls.getDocument({ name, mask: { fieldPaths: ["m"] } }, owner);
    expect(Object.keys(document.fields ?? {})).toEqual(["m"]);
    await expect(calls.getDocument({ name: nameOf(collection, "b") }, owner)).rejects.toMatchObject(
      {
        code: status.NOT_FOUND,
      },
    );
  });

  test("are updated by mask, made when missing, and deleted", async () => {
    const collection = newCollection();
    const name = nameOf(collection, "a");
    await calls.updateDocument({ document: { name, fields: { n: whole(1), m: whole(1) } } }, owner);
    const updateMask = { fieldPaths: ["n", "gone"] };
    await calls.updateDocument({ document: { name, fields: { n: whole(2) } }, updateMask }, owner);
    const found = await connection.database.doc(`${collection}/a`).get();
    expect(found.data()).toEqual({ n: 2, m: 1 });
    await calls.deleteDocument({ name }, owner);
    await expect(
      calls.deleteDocument({ name, currentDocument: { exists: true } }, owner),
    ).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("are listed page by page, sorted, with the missing ones if asked", async () => {
    const collection = newCollection();
    for (const [n, id] of ["b", "c", "a"].entries()) {
      await connection.database.doc(`${collection}/${id}`).set({ n });
    }
    await connection.database.doc(`${collection}/aa/below/x`).set({ n: 1 });
    const listed = async (more: object) => {
      const request = { parent: `${database}/documents`, collectionId: collection, ...more };
      const [documents, next] = await calls.listDocuments(request, {
        ...owner,
        autoPaginate: false,
      });
      const names = documents.map(({ name }: { name?: string | null }) => name?.split("/").at(-1));
      return [names, next?.pageToken];
    };
    const [first, pageToken] = await listed({ pageSize: 2 });
    expect(first).toEqual(["a", "b"]);
    expect(await listed({ pageSize: 2, pageToken })).toEqual([["c"], undefined]);
    expect(await listed({ orderBy: "n desc" })).toEqual([["a", "c", "b"], undefined]);
    const [everything] = await listed({ showMissing: true, mask: { fieldPaths: [] } });
    expect(everything).toEqual(["a", "aa", "b", "c"]);
  });
});

describe("writes", () => {
  test("of a batch write are independent: each succeeds or fails separately", async () => {
    const collection = newCollection();
    const [answer] = await calls.batchWrite(
      {
        database,
        writes: [
          { update: { name: nameOf(collection, "a"), fields: { n: whole(1) } } },
          { delete: nameOf(collection, "b"), currentDocument: { exists: true } },
        ],
      },
      owner,
    );
    expect(answer.status?.map(({ code }) => code)).toEqual([status.OK, status.NOT_FOUND]);
    expect(answer.writeResults).toHaveLength(2);
  });

  test("of a batch write name each document once", async () => {
    const write = { update: { name: nameOf(newCollection(), "a"), fields: { n: whole(1) } } };
    await expect(
      calls.batchWrite({ database, writes: [write, write] }, owner),
    ).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("return the results of their transforms", async () => {
    const name = nameOf(newCollection(), "a");
    const [answer] = await calls.commit(
      {
        database,
        writes: [
          {
            update: { name, fields: {} },
            updateTransforms: [
              { fieldPath: "n", increment: whole(5) },
              { fieldPath: "n", maximum: whole(9) },
              { fieldPath: "list", appendMissingElements: { values: [whole(1)] } },
            ],
          },
        ],
      },
      owner,
    );
    const results = answer.writeResults?.[0]?.transformResults ?? [];
    expect(results.map((result) => result.integerValue ?? null)).toEqual(["5", "9", null]);
  });

  test("may be transforms alone, which make the document when it is missing", async () => {
    const collection = newCollection();
    const fieldTransforms = [{ fieldPath: "n.deep", increment: whole(1) }];
    const write = { transform: { document: nameOf(collection, "a"), fieldTransforms } };
    await calls.commit({ database, writes: [write, write] }, owner);
    const found = await connection.database.doc(`${collection}/a`).get();
    expect(found.data()).toEqual({ n: { deep: 2 } });
  });
});

describe("transactions", () => {
  const beginReadWrite = async () => {
    const [{ transaction }] = await calls.beginTransaction(
      {
        database,
        options: { readWrite: {} },
      },
      owner,
    );
    return transaction as Buffer;
  };

  test("begun by a call of their own read, write and are then over", async () => {
    const collection = newCollection();
    const name = nameOf(collection, "a");
    await connection.database.doc(`${collection}/a`).set({ n: 1 });
    const transaction = await beginReadWrite();
    const read = await all<ReadMessage>(
      calls.batchGetDocuments({ database, documents: [name], transaction }, owner),
    );
    expect(read.find(({ found }) => found)?.found?.fields.n.integerValue).toBe("1");
    const writes = [{ update: { name, fields: { n: whole(2) } } }];
    await calls.commit({ database, transaction, writes }, owner);
    await expect(calls.commit({ database, transaction, writes }, owner)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("that were rolled back cannot go on", async () => {
    const transaction = await beginReadWrite();
    const documents = [nameOf(newCollection(), "a")];
    await calls.rollback({ database, transaction }, owner);
    const reading = all(calls.batchGetDocuments({ database, documents, transaction }, owner));
    await expect(reading).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  test("that were never started are refused", async () => {
    const transaction = randomBytes(16);
    await expect(calls.commit({ database, transaction, writes: [] }, owner)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("begin with a query, whose first message names them", async () => {
    const collection = newCollection();
    await connection.database.doc(`${collection}/a`).set({ n: 1 });
    const [first] = await all<ReadMessage>(
      calls.runQuery(
        {
          parent: `${database}/documents`,
          structuredQuery: { from: [{ collectionId: collection }] },
          newTransaction: { readWrite: {} },
        },
        owner,
      ),
    );
    expect(first?.transaction.length).toBeGreaterThan(0);
    await calls.rollback({ database, transaction: first?.transaction ?? null }, owner);
  });

  test("that only read cannot write", async () => {
    const [{ transaction }] = await calls.beginTransaction(
      {
        database,
        options: { readOnly: {} },
      },
      owner,
    );
    const writes = [{ delete: nameOf(newCollection(), "a") }];
    await expect(
      calls.commit({ database, transaction: transaction ?? null, writes }, owner),
    ).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe("malformed requests are refused", () => {
  test.each<readonly [string, object]>([
    ["a name of another shape", { delete: "users/1" }],
    ["a collection for a document", { delete: "projects/p/databases/(default)/documents/users" }],
    ["no operation at all", {}],
  ])("a write with %s", async (_what, write) => {
    await expect(calls.commit({ database, writes: [write] }, owner)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test("a value of no type", async () => {
    const name = nameOf(newCollection(), "a");
    const writes = [{ update: { name, fields: { empty: {} } } }];
    await expect(calls.commit({ database, writes }, owner)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  test.each<readonly [string, object]>([
    ["a negative limit", { limit: { value: -1 } }],
    ["a negative offset", { offset: -1 }],
    ["more cursor values than orders", { startAt: { values: [whole(1), whole(2), whole(3)] } }],
    ["an order by nothing", { orderBy: [{ direction: "ASCENDING" }] }],
    ["a filter without a field", { where: { fieldFilter: { op: "EQUAL", value: whole(1) } } }],
  ])("a query with %s", async (_what, part) => {
    const structuredQuery = { from: [{ collectionId: "c" }], ...part };
    const running = all(
      calls.runQuery({ parent: `${database}/documents`, structuredQuery }, owner),
    );
    await expect(running).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
