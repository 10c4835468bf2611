import { describe, expect, test } from "@jest/globals";
import { type LogEntry, localLog } from "../../../tools/ops/log/entries.ts";
import { describeTrace } from "../../../tools/ops/log/trace-story.ts";
import { bidders } from "../../support/auctions/auctions.ts";
import { community, seeder, useCloud } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";
import { shoppers } from "../../support/shop/shop.ts";

const log = localLog("the test's cloud", () => cloud.logLines);

const cloud = await useCloud({ rateLimits: false });
const seed = seeder(cloud);

/** All lines of the one trace that an interaction began. */
async function traceOf(interactionId: string): Promise<LogEntry[]> {
  const traceIds = await log.tracesOf(interactionId);
  expect(traceIds).toHaveLength(1);
  return log.entriesOf(traceIds[0] ?? "");
}
const eventsIn = (entries: readonly LogEntry[]) => entries.map(({ fields }) => fields["event"]);
const handledBy = (entries: readonly LogEntry[], name: string) =>
  entries.filter(({ fields }) => fields["event"] === "handled" && fields["function"] === name);
const dead = async () => (await cloud.firestore.collection("dead_letters").get()).docs;

describe("the trace of /c500 live", () => {
  test("goes from the interaction through each order to the last DM", async () => {
    const builder = await seed.builder();
    const orders = [await seed.order(builder.id), await seed.order(builder.id)];
    const ids = orders.map(({ id }) => id).join();
    const { interactionId } = await goLive(cloud, builder.id, { context: "orders", orders: ids });
    const trace = await traceOf(interactionId);

    const [interaction] = handledBy(trace, "discord-interactions");
    const [live] = handledBy(trace, "go-live");
    const verifications = handledBy(trace, "order-verification");
    expect(interaction?.fields).toMatchObject({
      kind: "request",
      what: "c500 live",
      outcome: "done",
      status: 200,
      interactionId,
      durationMs: expect.any(Number),
    });
    expect(live?.fields).toMatchObject({ kind: "message", what: "c500 live", outcome: "done" });
    expect(live?.fields["parentSpanId"]).toBe(interaction?.spanId);
    expect(verifications.map(({ fields }) => fields["parentSpanId"])).toEqual([
      live?.spanId,
      live?.spanId,
    ]);
    for (const verification of verifications) {
      const own = trace.filter(({ spanId }) => spanId === verification.spanId);
      expect(eventsIn(own)).toEqual(expect.arrayContaining(["dm-opened", "message-sent"]));
    }
    expect(eventsIn(trace)).toContain("interaction-answered");
  });

  test("is printed in order, each function below the one that triggered it", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const options = { context: "order", orders: order.id };
    const { interactionId } = await goLive(cloud, builder.id, options);
    const [title, ...story] = describeTrace(await traceOf(interactionId));
    expect(title).toMatch(/^Trace [0-9a-f]{32}: 3 calls in \d+\.\d{3} s$/);
    expect(story.map((line) => line.replace(/^\+ +\d+\.\d{3} s {2}/, ""))).toEqual([
      expect.stringMatching(/^discord-interactions +request c500 live → done \(200\) in \d+ ms$/),
      expect.stringMatching(/^ {2}go-live +message c500 live → done \(204\) in \d+ ms$/),
      expect.stringMatching(
        /^ {4}order-verification +message order-verification → done \(204\) in \d+ ms$/,
      ),
      "      · A DM was opened",
      "      · A message was sent",
      "      · An interaction was answered",
    ]);
  });

  test("contains no recipients, texts or tokens", async () => {
    const builder = await seed.builder({ title: "A title of one's own" });
    const order = await seed.order(builder.id);
    const options = { context: "order", orders: order.id };
    const { interactionId } = await goLive(cloud, builder.id, options);
    const token = cloud.discord.interaction(interactionId)?.token ?? "no token";
    const lines = JSON.stringify(await traceOf(interactionId));
    for (const secret of [order.buyerId, builder.id, token, "A title of one's own"]) {
      expect(lines).not.toContain(secret);
    }
  });

  test("ends with the command: the stream's end is a separate trace, up to the video link", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    cloud.twitch.endStream(builder.login);
    await cloud.twitch.send(cloud.url("twitch-webhook"), {
      secret: cloud.settings.TWITCH_EVENTSUB_SECRET ?? "",
      type: "stream.offline",
      messageId: `end-of-${builder.login}`,
      body: JSON.stringify({
        subscription: { type: "stream.offline" },
        event: {
          broadcaster_user_id: builder.twitchId,
          broadcaster_user_login: builder.login,
          broadcaster_user_name: builder.login,
        },
      }),
    });
    const link = async () => (await cloud.firestore.doc(`orders/${order.id}`).get()).data();
    await cloud.eventually(async () =>
      String((await link())?.["twitch_vod_link"]).includes("/videos/"),
    );
    const sent = cloud.logLines.find((line) => line.includes(`end-of-${builder.login}`)) ?? "";
    const trace = await log.entriesOf(/traces\/([0-9a-f]{32})/.exec(sent)?.[1] ?? "");
    const tries = handledBy(trace, "vod-link").map(({ fields }) => [
      fields["attempt"],
      fields["outcome"],
    ]);
    expect(handledBy(trace, "twitch-webhook")).toHaveLength(1);
    expect(handledBy(trace, "stream-status")).toHaveLength(1);
    expect(tries.at(-1)).toEqual([tries.length, "done"]);
    expect(handledBy(trace, "go-live")).toEqual([]);
  });
});

describe("failures stay in their trace", () => {
  test("a redelivered message appears with each attempt's number", async () => {
    const builder = await seed.builder();
    const order = await seed.order(builder.id);
    const operation = /POST .*users\/@me\/channels/;
    cloud.faults.add({
      target: "discord",
      operation,
      fault: { kind: "fail", code: 500 },
      times: 3,
    });
    const options = { context: "order", orders: order.id };
    const { interactionId } = await goLive(cloud, builder.id, options);
    await cloud.eventually(() => cloud.discord.dms(order.buyerId).length > 0);
    const tries = handledBy(await traceOf(interactionId), "order-verification");
    expect(tries.map(({ fields }) => fields["outcome"])).toEqual(["again", "done"]);
  });

  test("a dead letter keeps the trace's id, which is reported to the operators", async () => {
    const id = "1000000000000000777";
    cloud.discord.addUser({ id, username: "broken" });
    await cloud.firestore.doc(`builders/${id}`).set({ twitch_username: 5 });
    const { interactionId } = await goLive(cloud, id, { context: "chat" });
    const trace = await traceOf(interactionId);
    const [deadLetter] = (await dead()).filter((each) =>
      String(each.get("body")).includes(interactionId),
    );
    expect(deadLetter?.get("trace_id")).toBe(trace[0]?.traceId);
    expect(handledBy(trace, "go-live").map(({ fields }) => fields["outcome"])).toEqual(["kept"]);
    expect(handledBy(trace, "dead-letter")).toHaveLength(1);
    const notice = cloud.discord.messages(community.operatorsChannelId).at(-1);
    expect(notice?.embeds[0]?.description).toContain(`./dev ops trace ${trace[0]?.traceId}`);
  });
});

describe("a caller's own trace", () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const call = async (traceparent: string) => {
    const before = cloud.logLines.length;
    const headers = { "content-type": "application/json", traceparent };
    const url = cloud.url("internal-api/api/internal/go-live-trigger");
    await cloud.fetch(url, { method: "POST", headers, body: "{}" });
    return cloud.logLines.slice(before).join("\n");
  };

  test("is continued", async () => {
    const line = await call(`00-${traceId}-00f067aa0ba902b7-01`);
    expect(line).toContain(
      `"logging.googleapis.com/trace":"projects/${cloud.settings.GOOGLE_CLOUD_PROJECT}/traces/${traceId}"`,
    );
    expect(line).toContain('"parentSpanId":"00f067aa0ba902b7"');
  });

  test.each([
    "nonsense",
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
  ])("that is invalid (%s) starts a new one", async (traceparent) => {
    const line = await call(traceparent);
    expect(line).toMatch(/traces\/[0-9a-f]{32}"/);
    expect(line).not.toContain(traceId);
    expect(line).not.toContain("0".repeat(32));
  });
});

test("bids that share a request to Redis keep separate traces", async () => {
  const people = shoppers(cloud);
  const room = bidders(cloud, people);
  const channelId = room.channel(community.guildId);
  const builder = await people.builder({ isLive: true });
  await room.start(builder.id, channelId, { price: "1", increment: "1" });
  await room.pass(2);
  const amounts = Array.from({ length: 24 }, (_, index) => String(index + 1));
  const answers = await Promise.all(
    amounts.map((amount) => room.bid(people.person(), channelId, amount)),
  );
  await room.pass(2);
  const traces = await Promise.all(answers.map(({ interactionId }) => traceOf(interactionId)));
  expect(new Set(traces.map(([first]) => first?.traceId)).size).toBe(amounts.length);
  for (const trace of traces) expect(handledBy(trace, "discord-interactions")).toHaveLength(1);
  const shown = traces.filter((trace) => handledBy(trace, "auction-board").length > 0);
  for (const trace of shown) {
    const [bid] = handledBy(trace, "discord-interactions");
    const [board] = handledBy(trace, "auction-board");
    expect(board?.fields["parentSpanId"]).toBe(bid?.spanId);
  }
  expect(shown.length).toBeGreaterThan(0);
});
