import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
} from "../../../../shared/money/money-command.ts";
import { checkLedger } from "../../../../tools/ops/ledger/check.ts";
import { holdNext } from "../../../support/calls/held-call.ts";
import { startPayouts } from "../../../support/races/payouts.ts";

const SECOND_MS = 1000;
let world: Awaited<ReturnType<typeof startPayouts>>;
let cloud: (typeof world)["cloud"];

beforeAll(async () => {
  world = await startPayouts();
  cloud = world.cloud;
});
beforeEach(() => cloud.faults.clear());
afterEach(async () => expect((await checkLedger(cloud.firestore)).flaws).toEqual([]));
afterAll(() => cloud.stop());

/** Delays the next delivery to the wallet by this much. */
const delayNext = (seconds: number) =>
  cloud.faults.add({
    target: "pubsub",
    operation: /^deliver wallet/,
    times: 1,
    fault: { kind: "delay", ms: seconds * SECOND_MS },
  });
const pass = async (seconds: number) => {
  await cloud.clock.advance(seconds * SECOND_MS);
  await cloud.settle();
};
/** The answer to a command as the staff member reads it, also if it arrived as a DM. */
const readOf = ({ interactionId }: { interactionId: string }) =>
  world.people.readAnswer(interactionId).text;

describe("a payout that is typed again because the first command is late", () => {
  test("is paid once if the first arrives after the second was booked", async () => {
    const user = await world.racer(9000);
    delayNext(55);
    const first = await world.pay(user, "30");
    await pass(40);
    const second = await world.pay(user, "30");
    expect(second.text).toContain("Done");
    await pass(15);
    expect(await world.left(user)).toBe(6000);
    expect(readOf(first)).toContain("Only the newer command counts");
  });

  test("is paid once if the first is booked in its last valid second and the second typed after that", async () => {
    const user = await world.racer(9000);
    delayNext(58);
    const first = await world.pay(user, "30");
    await pass(58);
    expect(readOf(first)).toContain("Done");
    await pass(7);
    expect((await world.pay(user, "30")).text).toContain("just now, by a command");
    expect(await world.left(user)).toBe(6000);
  });

  test("is paid once if the first has become too old", async () => {
    const user = await world.racer(9000);
    delayNext(70);
    const first = await world.pay(user, "30");
    await pass(65);
    expect((await world.pay(user, "30")).text).toContain("Done");
    await pass(10);
    expect(await world.left(user)).toBe(6000);
    expect(readOf(first)).toContain("took too long to reach me");
  });

  test("is not paid by the first if the second was refused", async () => {
    const user = await world.racer(2500);
    delayNext(50);
    const first = await world.pay(user, "30");
    expect((await world.pay(user, "30")).text).toContain("has $25.00 available");
    await world.books.earner(user, 1000);
    await pass(50);
    expect(readOf(first)).toContain("Only the newer command counts");
    expect(await world.left(user)).toBe(3500);
  });

  test("is paid at once if Stripe refused the first", async () => {
    const { user } = await world.connectedRacer(9000);
    cloud.faults.add({
      target: "stripe",
      operation: /^POST \/v1\/transfers/,
      times: 1,
      fault: { kind: "fail", code: 400 },
    });
    expect((await world.pay(user, "30", { method: "stripe" })).text).toContain("went back");
    expect((await world.pay(user, "30")).text).toContain("Done");
  });

  test("of another amount is a separate payout", async () => {
    const user = await world.racer(9000);
    delayNext(50);
    await world.pay(user, "30");
    await world.pay(user, "40");
    await pass(50);
    expect(await world.left(user)).toBe(2000);
  });
});

test("an instance that pauses between its checks and the booking books nothing", async () => {
  const user = await world.racer(9000);
  delayNext(55);
  const late = await world.pay(user, "30");
  const read = holdNext(cloud, "firestore", /^BatchGetDocuments/);
  await cloud.clock.advance(55 * SECOND_MS);
  await read.arrived;
  await read.release();
  await cloud.settle();
  expect(readOf(late)).toContain("took too long to reach me");
  expect(await world.left(user)).toBe(9000);
});

test("at most one of several identical commands takes effect, in whatever order they arrive", () => {
  const typed = fc.uniqueArray(fc.integer({ min: 0, max: 119_000 }), {
    minLength: 2,
    maxLength: 6,
  });
  const arriving = typed.chain((times) => fc.shuffledSubarray(times, { minLength: times.length }));
  fc.assert(
    fc.property(arriving, (times) => {
      let remembered: readonly MoneyCommand[] = [];
      let done = 0;
      for (const ms of times) {
        const command = { id: String(BigInt(1_600_000_000_000 + ms) << 22n), what: "3000 usd" };
        const isDone = judgeCommand(command, remembered).verdict === "valid";
        if (isDone) done += 1;
        remembered = rememberCommand({ ...command, isDone }, remembered);
      }
      expect(done).toBeLessThanOrEqual(1);
    }),
  );
});
