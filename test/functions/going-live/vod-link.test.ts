import { describe, expect, test } from "@jest/globals";
import { orderVerificationRequested } from "../../../functions/going-live/events/order-verification-requested.ts";
import { type Builder, seeder, useCloud } from "../../support/cloud.ts";
import { goLive } from "../../support/going-live/go-live.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const cloud = await useCloud();
const seed = seeder(cloud);

const linkOf = async (orderId: string): Promise<string> =>
  String((await cloud.firestore.doc(`orders/${orderId}`).get()).data()?.["twitch_vod_link"] ?? "");
const videoOf = (streamId: string) =>
  cloud.twitch
    .events()
    .find((event) => event.kind === "video-published" && event.streamId === streamId);

/** Ends the stream and sends the event as Twitch would; a message id makes it a redelivery. */
async function endStream(builder: Builder, messageId?: string): Promise<void> {
  const event = {
    broadcaster_user_id: builder.twitchId,
    broadcaster_user_login: builder.login,
    broadcaster_user_name: builder.login,
  };
  const { result } = await cloud.twitch.send(cloud.url("twitch-webhook"), {
    secret: cloud.settings.TWITCH_EVENTSUB_SECRET ?? "",
    type: "stream.offline",
    body: JSON.stringify({ subscription: { type: "stream.offline" }, event }),
    messageId,
  });
  expect(result).toBe(204);
  await cloud.settle();
}

describe("vod-link: after a stream has ended", () => {
  test("its orders receive the video's link at the moment of the proof, once Twitch has the video", async () => {
    const builder = await seed.builder({ isLive: false });
    const stream = cloud.twitch.goLive(builder.login);
    await cloud.clock.advance(HOUR_MS + 2 * MINUTE_MS);
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    await cloud.clock.advance(HOUR_MS);
    cloud.twitch.endStream(builder.login);
    await endStream(builder);
    expect(await linkOf(order.id)).toBe(`https://www.twitch.tv/${builder.login}`);

    await cloud.eventually(async () => (await linkOf(order.id)).includes("/videos/"));
    const video = videoOf(stream.id);
    expect(await linkOf(order.id)).toMatch(/\?t=1h0[23]m\d\ds$/);
    expect(
      video?.kind === "video-published" && (await linkOf(order.id)).startsWith(video.url),
    ).toBe(true);
  });

  test("an order whose message comes only later receives it too", async () => {
    const builder = await seed.builder({ isLive: false });
    const stream = cloud.twitch.goLive(builder.login);
    const [inTime, late] = [await seed.order(builder.id), await seed.order(builder.id)];
    const asked = { context: "order", orders: inTime.id };
    const { interactionId: goLiveId } = await goLive(cloud, builder.id, asked);
    const verifiedAtMs = cloud.clock.nowMs();
    cloud.twitch.endStream(builder.login);
    await endStream(builder);
    await cloud.eventually(async () => (await linkOf(inTime.id)).includes("/videos/"));
    await cloud.publisher.publish(orderVerificationRequested, {
      id: `${goLiveId}.${late.id}`,
      goLiveId,
      orderId: late.id,
      builderId: builder.id,
      stream: {
        id: stream.id,
        userId: builder.twitchId,
        userLogin: builder.login,
        title: "",
        categoryName: "",
        thumbnailUrl: "",
        startedAtMs: verifiedAtMs,
      },
      verifiedAtMs,
    });
    await cloud.eventually(async () => (await linkOf(late.id)).includes("/videos/"));
  });

  test("the video may appear hours later", async () => {
    const builder = await seed.builder({ isLive: false });
    const stream = cloud.twitch.goLive(builder.login, { keepsVideo: false });
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    cloud.twitch.endStream(builder.login);
    await endStream(builder);
    for (let hours = 0; hours < 5; hours += 1) {
      await cloud.clock.advance(HOUR_MS);
      await cloud.settle();
    }
    expect(await linkOf(order.id)).toBe(`https://www.twitch.tv/${builder.login}`);
    cloud.twitch.publishVideo(stream.id);
    await cloud.eventually(async () => (await linkOf(order.id)).includes("/videos/"));
  });

  test("orders of a channel that stores no videos keep the channel's link, and the task ends after a day", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.twitch.goLive(builder.login, { keepsVideo: false });
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    cloud.twitch.endStream(builder.login);
    await endStream(builder);
    for (let hours = 0; hours <= 24; hours += 2) {
      await cloud.clock.advance(2 * HOUR_MS);
      await cloud.settle();
    }
    expect(await linkOf(order.id)).toBe(`https://www.twitch.tv/${builder.login}`);
    expect(cloud.logLines).toContainEqual(expect.stringContaining("A stream's video never came"));
    expect(cloud.logLines.filter((line) => line.includes(builder.id))).toEqual([]);
    const open = cloud.tasks?.tasks().filter(({ state }) => state !== "done");
    expect(open).toEqual([]);
  });

  test("a redelivered end of stream creates no second task and changes no link", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.twitch.goLive(builder.login);
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    cloud.twitch.endStream(builder.login);
    const tasksBefore = cloud.tasks?.tasks().length ?? 0;
    await endStream(builder, "message-1");
    await endStream(builder, "message-1");
    expect(cloud.tasks?.tasks()).toHaveLength(tasksBefore + 1);
    await cloud.eventually(async () => (await linkOf(order.id)).includes("/videos/"));
    const link = await linkOf(order.id);
    await endStream(builder, "message-1");
    await cloud.clock.advance(HOUR_MS);
    await cloud.settle();
    expect(await linkOf(order.id)).toBe(link);
  });

  test("an order whose stream's end was lost receives its link at the end of the next stream", async () => {
    const builder = await seed.builder({ isLive: false });
    cloud.twitch.goLive(builder.login);
    const order = await seed.order(builder.id);
    await goLive(cloud, builder.id, { context: "order", orders: order.id });
    cloud.twitch.endStream(builder.login);
    await cloud.clock.advance(24 * HOUR_MS);
    cloud.twitch.goLive(builder.login);
    cloud.twitch.endStream(builder.login);
    await endStream(builder);
    await cloud.eventually(async () => (await linkOf(order.id)).includes("/videos/"));
  });
});
