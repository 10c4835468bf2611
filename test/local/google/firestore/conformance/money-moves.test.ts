import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  accountsIn,
  cents,
  distinctPair,
  longest,
  moveMoney,
  openAccounts,
  PROPERTY_TIMEOUT_MS,
  sumOf,
} from "./accounts.ts";
import { type Connection, connect, onGoogle } from "./support.ts";

let connection: Connection;
beforeAll(async () => {
  connection = await connect();
});
afterAll(() => connection.close());

describe("concurrent operations", () => {
  test(
    "move money without creating or losing any, and every read finds the same sum",
    async () => {
      const property = fc.asyncProperty(
        fc.array(fc.tuple(distinctPair(), cents), {
          minLength: longest,
          maxLength: onGoogle ? longest : 3 * longest,
        }),
        async (moves) => {
          const accounts = await openAccounts(connection, { a: 10, b: 10, c: 10, d: 0 });
          const look = () =>
            connection.database.runTransaction(
              async (transaction) => sumOf(accountsIn(await transaction.get(accounts))),
              { readOnly: true },
            );
          const moving = moves.map(([[from, to], n]) => moveMoney(accounts, from, to, n));
          const sums = await Promise.all([look(), ...moving.map((move) => move.then(look))]);
          expect(new Set(sums)).toEqual(new Set([30]));
          const after = accountsIn(await accounts.get());
          expect(sumOf(after)).toBe(30);
          expect(Math.min(...Object.values(after))).toBeGreaterThanOrEqual(0);
        },
      );
      await fc.assert(property, { numRuns: onGoogle ? 1 : 8, endOnFailure: true });
    },
    PROPERTY_TIMEOUT_MS,
  );
});
