import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { startUpstash, type Upstash } from "../../../local/upstash/index.ts";
import { isError, type Reply, toBytes } from "../../../local/upstash/reply.ts";
import { anyCommand, type CommandWords } from "./arbitrary-commands.ts";
import { ENGINES } from "./engines.ts";
import { BID, FAILING, FAILURES, NUMBERS } from "./scripts.ts";

const TOKEN = "token";
const UNORDERED = /^(KEYS|HGETALL)$/;

/** Two databases to compare: one of each kind, or two embedded ones where there is no redis-server. */
const [FIRST, SECOND = FIRST] = ENGINES;

describe(`${FIRST} and ${SECOND} give the same replies`, () => {
  const clock = new LocalClock();
  let databases: Upstash[] = [];

  beforeAll(async () => {
    databases = await Promise.all(
      [FIRST, SECOND].map((engine) =>
        startUpstash({ clock, faults: new FaultPlan(), token: TOKEN, ...(engine && { engine }) }),
      ),
    );
  });
  beforeEach(loseData);
  afterAll(async () => {
    await Promise.all(databases.map((database) => database.stop()));
    clock.stop();
  });

  async function loseData() {
    await Promise.all(databases.map((database) => database.loseData()));
  }

  /** What each database answers to the same commands, as far as an answer is promised to be the same. */
  function answers(commands: readonly CommandWords[]): Promise<unknown[][]> {
    return Promise.all(
      databases.map(async (database) => {
        const replies: unknown[] = [];
        for (const [name = "", ...args] of commands) {
          replies.push(comparable(name, await database.run(name, ...args.map(toBytes))));
        }
        return replies;
      }),
    );
  }

  async function expectSame(commands: readonly CommandWords[]) {
    const [first, second] = await answers(commands);
    expect(second).toEqual(first);
  }

  test("to any sequence of commands, right or wrong", async () => {
    const sequences = fc.array(anyCommand, { minLength: 20, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sequences, async (commands) => {
        await loseData();
        await expectSame(commands);
      }),
      { numRuns: 100 },
    );
  });

  test("to an auction's bids, and with the same data left behind", async () => {
    const bid = fc.record({
      bidder: fc.constantFrom("ann", "bob", "cy"),
      amount: fc.integer({ min: 1, max: 60 }),
      id: fc.integer({ min: 1, max: 20 }),
      now: fc.integer({ min: 0, max: 110 }),
    });
    const keys = ["{a}:terms", "{a}:bids", "{a}:ceilings", "{a}:seen"];
    await fc.assert(
      fc.asyncProperty(fc.array(bid, { minLength: 5, maxLength: 20 }), async (bids) => {
        await loseData();
        const calls = bids.map(({ bidder, amount, id, now }) => {
          const args = [bidder, String(amount), String(id), String(now)];
          return ["EVAL", BID, "4", ...keys, ...args];
        });
        await expectSame([
          ...calls,
          ["HGETALL", "{a}:terms"],
          ["XRANGE", "{a}:bids", "-", "+"],
          ["ZRANGE", "{a}:ceilings", "0", "-1", "WITHSCORES"],
          ["HGETALL", "{a}:seen"],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test("to arithmetic on any numbers, as text and as integers", async () => {
    const number = fc.oneof(
      fc.integer(),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => value / 4),
      fc.constantFrom(0, 1e15, 123456789012345, 2 ** 53, 0.1, 1 / 3),
    );
    await fc.assert(
      fc.asyncProperty(number, number, (left, right) =>
        expectSame([["EVAL", NUMBERS, "0", String(left), String(right)]]),
      ),
      { numRuns: 100 },
    );
  });

  test.each(FAILURES)("to a script that ends in: %s", async (how) => {
    await expectSame([["EVAL", FAILING, "1", "k", how]]);
  });

  test.each([
    ["SET", "k", "v", "EX", "0"],
    ["SET", "k"],
    ["PEXPIRE", "k", "x"],
    ["HSET", "k", "f"],
    ["ZADD", "k", "one", "m"],
    ["ZRANGE", "k", "0", "1", "LIMIT"],
    ["XADD", "k", "0-0", "f", "v"],
    ["EVAL", "return 1", "1"],
    ["EVAL", "return 1", "-1"],
    ["EVAL", "return = 1", "0"],
    ["EVALSHA", "short", "0"],
    ["SCRIPT", "NOSUCH"],
  ])("to the mistake %j %j", async (...command) => {
    const [first, second] = await answers([command]);
    expect(first).toEqual([{ error: expect.any(String) }]);
    expect(second).toEqual(first);
  });
});

/** Redis promises no order for sets and hashes, and from one version to the next only an error's code. */
function comparable(name: string, reply: Reply): unknown {
  if (isError(reply)) return { error: reply.error.split(" ", 1)[0] };
  if (!UNORDERED.test(name) || !Array.isArray(reply)) return reply;
  return [...reply].sort();
}
