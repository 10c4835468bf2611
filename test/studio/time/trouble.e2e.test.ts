import { expect, test } from "@jest/globals";
import { setUpScene } from "../../../local/demo/staged/index.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const { discord } = cloud;

const answerOf = async (name: string, input: object = {}) =>
  (await studio.call("trouble", name, input)).json();
const activeNames = async () =>
  (await answerOf("active")).rules.map(({ name }: { name: string }) => name);

/** Somebody asks for their wallet; whether Discord showed an answer. */
async function isAnswered(): Promise<boolean> {
  discord.addUser({ id: "700000000000000001", username: "ann" });
  const use = { user: "700000000000000001", channelId: "500000000000000014", name: "wallet" };
  const { id } = await discord.client.command(cloud.url("discord-interactions"), use);
  await cloud.settle();
  return (discord.interaction(id)?.original?.embeds.length ?? 0) > 0;
}

test("a fault that is switched on is used, and removed", async () => {
  const { id } = await answerOf("add", { name: "Twitch is down", probability: 1, seconds: 60 });
  expect(await activeNames()).toEqual(["Twitch is down"]);
  expect((await fetch(`${cloud.twitch.url}/helix/users`)).status).toBe(503);
  expect((await answerOf("active")).rules[0]).toMatchObject({ applied: 1 });
  await answerOf("remove", { id });
  expect(await activeNames()).toEqual([]);
  expect((await fetch(`${cloud.twitch.url}/helix/users`)).status).toBe(401);
});

test("a fault ends at its time", async () => {
  await answerOf("add", { name: "Stripe is slow", probability: 0.5, seconds: 60 });
  await answerOf("add", { name: "Discord is down", probability: 1 });
  await cloud.clock.advance(61_000);
  expect(await activeNames()).toEqual(["Discord is down"]);
  await answerOf("removeAll");
  expect(await activeNames()).toEqual([]);
});

test("another instance serves after one was killed", async () => {
  expect(await isAnswered()).toBe(true);
  expect(await answerOf("killFunction", { name: "wallet" })).toEqual({ lost: 0 });
  expect(await isAnswered()).toBe(true);
});

test("Redis loses everything", async () => {
  await cloud.upstash?.run("SET", "kept", "1");
  await answerOf("loseRedis");
  expect(await cloud.upstash?.run("GET", "kept")).toBeNull();
});

test("without an auction a storm says what to do", async () => {
  const { error } = await answerOf("startStorm", { bidsPerSecond: 1, bidders: 1, seconds: 1 });
  expect(error).toContain("Start the scene");
});

if (hasBrowser) {
  test("a storm of 200 bids draws plots and stops by itself", async () => {
    await setUpScene({ ...cloud, cloud }, { name: "auction", seed: 3 });
    const tab = await studio.open("/trouble");
    await answerOf("startStorm", { bidsPerSecond: 50, bidders: 100, seconds: 4 });
    await tab.until(`document.querySelector(".storm .badge.good") !== null`);
    const points = await tab.evaluate(
      `[...document.querySelectorAll(".plots polyline")].map((line) => line.getAttribute("points").split(" ").length).join()`,
    );
    expect(points).toBe("4,4,4,4,4,4,4");
    const { storm } = await answerOf("storm");
    const sum = (of: string) =>
      storm.samples.reduce((total: number, sample: Record<string, number>) => {
        return total + (sample[of] ?? 0);
      }, 0);
    expect(storm.ended).toBe("Its time is over.");
    expect(sum("sent")).toBeGreaterThan(150);
    expect(sum("accepted")).toBeGreaterThan(20);
    expect(sum("refused")).toBeGreaterThan(0);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
