import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { checkLedger } from "../../tools/ops/ledger-check.ts";
import { exportLedger } from "../../tools/ops/ledger-export.ts";
import { type Lives, startLives } from "../support/lives.ts";

/** A whole life takes its time on a slow machine. */
const LONG_MS = 180_000;
let world: Lives;
let life: Awaited<ReturnType<Lives["life"]>>;

beforeAll(async () => {
  world = await startLives();
  life = await world.life();
}, LONG_MS);
beforeEach(() => world.cloud.faults.clear());
afterAll(() => world.cloud.stop());

const flaws = async () => (await checkLedger(world.cloud.firestore)).flaws;

describe("someone who has bought, bid, raced and been paid", () => {
  test("is named nowhere any more, the books are in order, and a refund takes from the pseudonym", async () => {
    const { user, other } = life;
    const before = await world.amounts();
    expect(await world.traces(user)).not.toEqual([]);
    const others = await world.recordOf(other, user);

    const question = await world.ask(user);
    expect(question.embeds).toContain("Kept under a random name");
    expect(question.buttons).toMatchObject([{ label: "Forget me", style: 4 }]);
    expect(await flaws()).toEqual([]);
    const answer = await world.confirm(user);
    expect(answer.text).toContain("I've forgotten you");
    expect(await flaws()).toEqual([]);

    await world.lookOnceMore();
    expect(await world.traces(user)).toEqual([]);
    expect(await flaws()).toEqual([]);
    expect(await world.amounts()).toEqual(before);
    expect(await world.recordOf(other, user)).toEqual(others);
    expect(await world.forgotten()).toHaveLength(1);

    await life.refund();
    expect(await flaws()).toEqual([]);
    expect(await world.traces(user)).toEqual([]);
    expect((await world.pseudonymBalances()).at(-1)).toBe(-2000);
  });

  test("is in the year's export under the pseudonym", async () => {
    const lines: string[] = [];
    const year = new Date(world.cloud.clock.nowMs()).getUTCFullYear();
    for (const each of [year - 1, year]) {
      for await (const line of exportLedger(each, world.cloud.firestore)) lines.push(line);
    }
    expect(lines.join("")).toMatch(/forgotten-[0-9a-f]+,usd,total,\d+,earned/);
  });
});
