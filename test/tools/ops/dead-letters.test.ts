import { describe, expect, test } from "@jest/globals";
import { hammerDue } from "../../../functions/auctions/events/auction-tasks.ts";
import { functionNames, manifest } from "../../../functions/manifest.ts";
import { createDeadLetters } from "../../../functions/operations/store/dead-letters.ts";
import { createTaskQueue } from "../../../shared/clients/tasks.ts";
import { type Config, loadConfig } from "../../../shared/runtime/config.ts";
import { subscribersOf } from "../../../tools/ops/commands/dead-letters/send-again.ts";
import { operator } from "../../support/cli/ops.ts";
import { seeder, useCloud } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";

let number = 0;

const cloud = await useCloud();
const seed = seeder(cloud);
const context = operator(cloud);

const deadLetter = async (id: string) =>
  (await cloud.firestore.doc(`dead_letters/${id}`).get()).data();
const ops = (...words: readonly string[]) => context.ops("dead-letters", ...words);

type Wanted = string | { readonly startsWith: string };
interface Listed {
  readonly id: string;
  readonly functionName: string;
  readonly state: string;
  readonly attempts: number;
}

/** The id of the newest dead letter, once `cause` has added one. */
async function next(cause: () => Promise<unknown>): Promise<string> {
  const known = new Set((await listed()).map(({ id }) => id));
  await cause();
  const fresh = async () => (await listed()).find(({ id }) => !known.has(id));
  await cloud.eventually(async () => (await fresh()) !== undefined);
  return (await fresh())?.id ?? "";
}
const listed = async (...words: readonly string[]): Promise<Listed[]> =>
  JSON.parse((await ops("list", "--json", ...words)).out);

/** An order that cannot be read, and the dead letter of a go-live with it. */
async function poisonedOrder() {
  const builder = await seed.builder();
  const order = await seed.order(builder.id, { fulfillment_status: 7 });
  const id = await next(() => goLive(cloud, builder.id, { context: "order", orders: order.id }));
  const fix = () =>
    cloud.firestore.doc(`orders/${order.id}`).update({ fulfillment_status: "paid" });
  return { id, order, builder, fix };
}

/** A hammer task for an auction that cannot be read, and its dead letter. */
async function poisonedTask() {
  number += 1;
  const place = cloud.firestore.doc(`auctions/77${number}`);
  await place.set({ title: 5 });
  const names = manifest["hammer-drop"].settings;
  const config = loadConfig(cloud.settings, names) as Config;
  const tasks = createTaskQueue(config, cloud.connect(config, 10_000).queues);
  const task = { id: `hammer.77${number}.1`, auctionId: `77${number}`, endsAtMs: 1 };
  const id = await next(async () => {
    await tasks.enqueue(hammerDue, task, new Date(cloud.clock.nowMs()));
    await cloud.settle();
  });
  return { id, fix: () => place.delete() };
}

async function publish(topic: string, body: string, attributes: Record<string, string> = {}) {
  await cloud.topics.publish(topic, { data: Buffer.from(body), attributes });
  await cloud.settle();
}

describe("a message that could not be handled", () => {
  test("is listed and shown, and after its cause is fixed, replayed and processed once", async () => {
    const { id, order, fix } = await poisonedOrder();
    const list = await ops("list", "--function", "order-verification");
    expect(list.code).toBe(1);
    expect(list.out).toContain(id);
    expect(list.out).toMatch(/malformed in: fulfillment_status/);
    const shown = await ops("show", id);
    expect(shown.out).toContain(`"orderId": "${order.id}"`);
    expect(shown.out).toMatch(/state +open/);
    await fix();
    const { code, out } = await ops("replay", id);
    expect([code, out]).toEqual([0, expect.stringContaining(`${id}  to order-verification`)]);
    await cloud.settle();
    expect(
      await cloud.firestore
        .doc(`orders/${order.id}`)
        .get()
        .then((it) => it.data()),
    ).toMatchObject({ fulfillment_status: "building" });
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
    expect(await deadLetter(id)).toMatchObject({ state: "replayed", attempts: 1 });
    expect((await ops("show", id)).code).toBe(0);
  });

  test("is replayed a second time only with --again, which changes nothing", async () => {
    const { id, order, fix } = await poisonedOrder();
    await fix();
    await ops("replay", id);
    await cloud.settle();
    const { code, out } = await ops("replay", id);
    expect([code, out]).toEqual([1, expect.stringContaining("It was already sent again")]);
    expect((await ops("replay", id, "--again")).code).toBe(0);
    await cloud.settle();
    expect(cloud.discord.dms(order.buyerId)).toHaveLength(1);
    expect(await deadLetter(id)).toMatchObject({ state: "replayed" });
  });

  test("and fails again is the same dead letter, open again with its whole history", async () => {
    const { id } = await poisonedOrder();
    const before = (await listed()).length;
    await cloud.clock.advance(1000);
    await ops("replay", id);
    await cloud.settle();
    expect(await listed()).toHaveLength(before);
    expect(await deadLetter(id)).toMatchObject({
      state: "open",
      attempts: 2,
      history: [{ what: "failed" }, { what: "replayed" }, { what: "failed" }],
    });
    expect((await ops("list")).out).toContain("open (failed 2 times)");
  });

  test("is replayed by only one of two operators at the same time", async () => {
    const { id, fix } = await poisonedOrder();
    await fix();
    const both = Promise.all([ops("replay", id), ops("replay", id)]);
    await cloud.clock.advance(60_000);
    const sent = await both;
    await cloud.settle();
    expect(sent.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(await deadLetter(id)).toMatchObject({
      state: "replayed",
      replay_ids: [expect.anything()],
    });
  });

  test("stays open if its sender crashed before marking it, and can be replayed a minute later", async () => {
    const { id, fix } = await poisonedOrder();
    await fix();
    const at = new Date(cloud.clock.nowMs());
    const place = cloud.firestore.doc(`dead_letters/${id}`);
    await place.update({ replay_ids: [`${id}.replay-1`], replay_begun_at: at });
    expect((await ops("replay", id)).out).toContain("being sent at this moment");
    await cloud.clock.advance(61_000);
    expect((await ops("replay", id)).code).toBe(0);
    expect(await deadLetter(id)).toMatchObject({ state: "replayed" });
  });
});

describe("a task that could not be handled", () => {
  test("is enqueued again unchanged", async () => {
    const { id, fix } = await poisonedTask();
    expect(id).toMatch(/^hammer-drop\./);
    await fix();
    expect((await ops("replay", id)).out).toContain("to hammer-drop");
    await cloud.settle();
    expect(await deadLetter(id)).toMatchObject({ state: "replayed", attempts: 1 });
  });

  test("and fails again is the same dead letter, even if it failed before it was marked", async () => {
    const { id } = await poisonedTask();
    const before = (await listed()).length;
    await ops("replay", id);
    await cloud.settle();
    await ops("replay", id);
    await cloud.settle();
    expect(await listed()).toHaveLength(before);
    const { attempts, state, replay_ids: replayIds } = (await deadLetter(id)) ?? {};
    expect([attempts, state]).toEqual([3, "open"]);
    const store = createDeadLetters(async () => cloud.firestore);
    const now = new Date(cloud.clock.nowMs());
    expect(await store.replayed(id, (replayIds as string[])[1] ?? "", now)).toBe("open");
    expect(await deadLetter(id)).toMatchObject({ state: "open", attempts: 3 });
  });
});

describe("many dead letters", () => {
  test("are replayed after a confirmation or with --yes, and the outcome of each is printed", async () => {
    const deadLetters = [await poisonedTask(), await poisonedTask(), await poisonedTask()];
    for (const { fix } of deadLetters) await fix();
    const [first, ...others] = deadLetters.map(({ id }) => id);
    const all = ["replay", "--function", "hammer-drop"];
    expect(await ops(...all)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
    context.answer = false;
    expect(await ops(...all)).toMatchObject({ code: 1, out: "Nothing was sent.\n" });
    expect(context.questions.at(-1)).toMatch(/^Send \d messages again, in the test cloud\?$/);
    context.answer = undefined;
    expect((await ops("replay", first ?? "", "nowhere.1", "--yes")).out).toMatch(
      /NOT SENT {2}nowhere\.1 {2}There is no dead letter/,
    );
    await ops(...all, "--yes");
    await cloud.settle();
    for (const id of others) expect(await deadLetter(id)).toMatchObject({ state: "replayed" });
    const open = await listed("--state", "open", "--function", "hammer-drop");
    expect(open.map(({ id }) => id)).not.toEqual(expect.arrayContaining(others));
  });
});

describe("a discarded dead letter", () => {
  test("stays, with the reason and the time, and is replayed only with --again", async () => {
    const { id } = await poisonedTask();
    expect(await ops("discard", id)).toMatchObject({ code: 2 });
    expect((await ops("discard", id, "--reason", "It was a test.")).code).toBe(0);
    expect(await deadLetter(id)).toMatchObject({
      state: "discarded",
      body: expect.stringContaining("auctionId"),
      history: [{ what: "failed" }, { what: "discarded", reason: "It was a test." }],
    });
    expect((await ops("replay", id)).out).toContain("It was discarded");
    expect((await ops("discard", id, "--reason", "Again.")).out).toContain(
      "It was already discarded",
    );
    expect((await ops("show", id)).out).toContain("discarded: It was a test.");
    expect(await deadLetter(id)).toMatchObject({ history: [{}, {}] });
  });
});

describe("a dead letter that cannot be replayed", () => {
  test.each([
    ["is not JSON", "discord-commands", "{oops", { handler: "wallet" }, "not an event of ours"],
    [
      "is a payout whose code is not stored",
      "discord-commands",
      JSON.stringify({ id: "1", command: "payout", options: { code: "GIFT" } }),
      { handler: "wallet" },
      "whose code is not stored",
    ] as const,
    [
      "is a report",
      "dead-letters",
      JSON.stringify({
        id: "shop-webhook.kofi.1",
        functionName: "shop-webhook",
        reason: "Unreadable.",
        attributes: {},
        body: "{}",
        isReport: true,
      }),
      {},
      "a report of shop-webhook",
    ] as const,
    [
      ...([
        "has an unknown receiver",
        "dead-letters",
        '{"id":"3"}',
        {},
        "Its receiver is unknown",
      ] as const),
    ],
    [
      "has lost its attributes",
      "dead-letters",
      JSON.stringify({
        id: "wallet.1000",
        functionName: "wallet",
        reason: "?",
        attributes: {},
        body: '{"id":"9"}',
      }),
      {},
      "would deliver it to nobody",
    ] as const,
  ])(
    "because it %s is reported with what to do instead",
    async (_why, topic, body, attributes, expected) => {
      const id = await next(() => publish(topic, body, attributes));
      const { code, out } = await ops("replay", id);
      expect(code).toBe(1);
      expect(out).toContain(expected);
      expect(out).toMatch(/discard it\./);
      expect((await ops("show", id)).out).toContain(expected);
      expect(await deadLetter(id)).not.toHaveProperty("replay_ids");
    },
  );
});

test("no message of any topic reaches two functions", () => {
  const filters = functionNames.flatMap((name) => {
    const { trigger } = manifest[name];
    if (trigger.kind !== "topic") return [];
    const wanted = "filter" in trigger ? Object.entries<Wanted>(trigger.filter) : [];
    const attributes = wanted.map(([key, value]) => [
      key,
      typeof value === "string" ? value : `${value.startsWith}x`,
    ]);
    return [{ name, topic: trigger.topic, attributes: Object.fromEntries(attributes) }];
  });
  expect(filters.length).toBeGreaterThan(10);
  for (const { name, topic, attributes } of filters) {
    expect([name, subscribersOf(topic, attributes)]).toEqual([name, [name]]);
  }
});

describe("a wrong argument", () => {
  test.each([
    [["list", "--state", "lost"], "--state is one of open, replayed, discarded"],
    [["list", "--since", "yesterday"], "--since takes a time such as"],
    [["list", "--function", "nobody"], 'There is no function "nobody"'],
    [["list", "--limit", "0"], "--limit must be a whole number"],
    [["list", "--wrong"], "This command has no option --wrong."],
    [["show"], "Give exactly one id."],
    [["show", "dead_letters/1"], '"dead_letters/1" is not the id of a dead letter'],
    [["show", "__1__"], '"__1__" is not the id of a dead letter'],
    [["replay"], "Give ids, or a function"],
    [["replay", "1", "--function", "wallet"], "Give ids, or a function"],
    [["discard", "1"], "Give a reason with --reason."],
  ])("in %j is refused with the usage and exit code 2", async (words, expected) => {
    const { code, err, out } = await ops(...words);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
    expect(err).toContain(`./dev ops dead-letters ${words[0]}`);
  });

  test("an unknown command shows all commands, half a command those that begin with it", async () => {
    const all = await context.ops("nothing");
    expect([all.code, all.err]).toEqual([2, expect.stringContaining("./dev ops ledger check")]);
    const half = await ops();
    expect([half.code, half.err]).toEqual([2, expect.stringContaining("dead-letters discard")]);
    expect(half.err).not.toContain("./dev ops ledger");
    expect(await context.ops("--help")).toMatchObject({ code: 0, err: "" });
    expect((await ops("show", "nowhere")).err).toContain('There is no dead letter "nowhere"');
  });
});

test("dead letters are listed in pages, the newest last, and all are counted", async () => {
  const batch = cloud.firestore.batch();
  const at = (index: number) => new Date(cloud.clock.nowMs() + index);
  for (let index = 0; index < 501; index += 1) {
    const fields = { function_name: "clawback", reason: "r", attributes: {}, body: "{}" };
    const place = cloud.firestore.doc(`dead_letters/clawback.${index}`);
    batch.set(place, { ...fields, kept_at: at(index) });
  }
  await batch.commit();
  const { out } = await ops("list", "--function", "clawback", "--limit", "2");
  expect(out).toMatch(/clawback\.499 .*\n.*clawback\.500 .*\n\nThe newest 2 of 501/);
  expect(out).toContain("501 open, 0 replayed, 0 discarded.");
  expect(await listed("--function", "clawback")).toHaveLength(501);
  await cloud.clock.advance(2 * 3_600_000);
  expect(await listed("--since", "1h")).toEqual([]);
});
