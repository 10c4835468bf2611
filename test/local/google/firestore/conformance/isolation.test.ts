import { AggregateField, type CollectionReference, FieldValue } from "@google-cloud/firestore";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Accounts,
  accountsIn,
  cents,
  distinctPair,
  longest,
  moveMoney,
  openAccounts,
  PROPERTY_TIMEOUT_MS,
  patient,
  sumOf,
} from "./accounts.ts";
import { type Connection, connect, onGoogle, signal } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

const runs = onGoogle ? 2 : 4;
const beside = onGoogle ? 2 : 8;

/** A unit of work, once as it runs on the server and once as it would run all alone. */
interface Work {
  readonly name: string;
  /** Runs it, and returns what it saw. */
  run(accounts: CollectionReference): Promise<unknown>;
  /** What it reads and writes in these accounts when nothing else runs. */
  alone(accounts: Accounts): { readonly saw: unknown; readonly after: Accounts };
}

const inTransaction: Connection["database"]["runTransaction"] = (work, options = patient) =>
  connection.database.runTransaction(work, options);

/** Moves money if there is enough. */
const transfer = (from: string, to: string, cents: number): Work => ({
  name: `${cents} from ${from} to ${to}`,
  run: (accounts) => moveMoney(accounts, from, to, cents),
  alone: (accounts) => {
    const [source, target] = [accounts[from] ?? 0, accounts[to] ?? 0];
    const moved = { ...accounts, [from]: source - cents, [to]: target + cents };
    return { saw: [source, target], after: source >= cents ? moved : accounts };
  },
});

/** Adds without reading. */
const raise = (id: string, by: number): Work => ({
  name: `raise ${id} by ${by}`,
  run: async (accounts) => {
    await accounts.doc(id).set({ n: FieldValue.increment(by) }, { merge: true });
    return "raised";
  },
  alone: (accounts) => ({
    saw: "raised",
    after: { ...accounts, [id]: (accounts[id] ?? 0) + by },
  }),
});

/** Opens an account if a query finds fewer than three that hold something. */
const open = (id: string): Work => ({
  name: `open ${id}`,
  run: (accounts) =>
    inTransaction(async (transaction) => {
      const found = await transaction.get(accounts.where("n", ">", 0));
      const saw = found.docs.map((document) => document.id).sort();
      if (saw.length < 3) transaction.set(accounts.doc(id), { n: 5 });
      return saw;
    }),
  alone: (accounts) => {
    const saw = Object.keys(accounts).filter((key) => (accounts[key] ?? 0) > 0);
    return { saw: saw.sort(), after: saw.length < 3 ? { ...accounts, [id]: 5 } : accounts };
  },
});

/** Sets an account to the sum of all, its own included. */
const total = (id: string): Work => ({
  name: `total into ${id}`,
  run: (accounts) =>
    inTransaction(async (transaction) => {
      const sum = accounts.aggregate({ n: AggregateField.sum("n") });
      const saw = (await transaction.get(sum)).data().n;
      transaction.set(accounts.doc(id), { n: saw });
      return saw;
    }),
  alone: (accounts) => {
    const saw = sumOf(accounts);
    return { saw, after: { ...accounts, [id]: saw } };
  },
});

/** Looks at everything in a read-only transaction, in two steps. */
const audit = (): Work => ({
  name: "audit",
  run: (accounts) =>
    connection.database.runTransaction(
      async (transaction) => {
        const first = await transaction.get(accounts.doc("a"));
        const all = accountsIn(await transaction.get(accounts));
        return [first.get("n") ?? null, Object.entries(all).sort()];
      },
      { readOnly: true },
    ),
  alone: (accounts) => ({
    saw: [accounts["a"] ?? null, Object.entries(accounts).sort()],
    after: accounts,
  }),
});

const id = fc.constantFrom("a", "b", "c", "d");
const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(distinctPair(), cents).map(([[a, b], n]) => transfer(a, b, n)) },
  fc.tuple(id, cents).map(([account, by]) => raise(account, by)),
  id.map(open),
  id.map(total),
  fc.constant(audit()),
);

/** Whether doing `pending` one after the other, in some order, explains all they saw and `after`. */
function someOrderExplains(
  before: Accounts,
  pending: readonly { readonly work: Work; readonly saw: unknown }[],
  after: Accounts,
): boolean {
  if (pending.length === 0)
    return isSame(Object.entries(before).sort(), Object.entries(after).sort());
  return pending.some(({ work, saw }, index) => {
    const alone = work.alone(before);
    return (
      isSame(alone.saw, saw) && someOrderExplains(alone.after, pending.toSpliced(index, 1), after)
    );
  });
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Histories that have nothing to do with each other, to save time by waiting together. */
const histories = fc.array(fc.array(work, { minLength: 2, maxLength: longest }), {
  minLength: beside,
  maxLength: beside,
});

async function runsLikeSomeOrder(works: readonly Work[]): Promise<void> {
  const before = { a: 10, b: 10 };
  const accounts = await openAccounts(connection, before);
  const history = await Promise.all(
    works.map(async (each) => ({ work: each, saw: await each.run(accounts) })),
  );
  const after = accountsIn(await accounts.get());
  const sent = history.map((entry) => [entry.work.name, entry.saw]);
  expect({ sent, after, explained: someOrderExplains(before, history, after) }).toEqual({
    sent,
    after,
    explained: true,
  });
}

describe("concurrent operations", () => {
  test(
    "have the same result as some serial order",
    async () => {
      const property = fc.asyncProperty(histories, async (each) => {
        await Promise.all(each.map(runsLikeSomeOrder));
      });
      await fc.assert(property, { numRuns: runs, endOnFailure: true });
    },
    PROPERTY_TIMEOUT_MS,
  );
});

/* Only our server lives by a clock that can be advanced. */
if (!onGoogle) {
  // https://cloud.google.com/firestore/quotas#writes_and_transactions
  const IDLE_LIMIT_MS = 60_000;
  const TOTAL_LIMIT_MS = 270_000;

  describe("an abandoned transaction", () => {
    test("frees its locks after a minute without a request, and starts again", async () => {
      const document = connection.collection().doc("one");
      await document.set({ n: 1 });
      const [hasRead, goOn] = [signal(), signal()];
      let attempts = 0;
      const abandoned = connection.database.runTransaction(async (transaction) => {
        const { n } = (await transaction.get(document)).data() ?? {};
        attempts += 1;
        hasRead.raise();
        await goOn.wait();
        transaction.update(document, { n: n + 1 });
      });
      await hasRead.wait();
      await connection.clock.advance(IDLE_LIMIT_MS + 1);
      await document.update({ n: 10 });
      goOn.raise();
      await abandoned;
      expect(attempts).toBe(2);
      expect((await document.get()).get("n")).toBe(11);
    });

    test("cannot be kept alive forever by reading", async () => {
      const document = connection.collection().doc("one");
      await document.set({ n: 1 });
      let attempts = 0;
      await connection.database.runTransaction(async (transaction) => {
        attempts += 1;
        await transaction.get(document);
        if (attempts > 1) return;
        for (let passedMs = 0; passedMs <= TOTAL_LIMIT_MS; passedMs += IDLE_LIMIT_MS / 2) {
          await connection.clock.advance(IDLE_LIMIT_MS / 2);
          await transaction.get(document);
        }
      });
      expect(attempts).toBe(2);
    });
  });
}
