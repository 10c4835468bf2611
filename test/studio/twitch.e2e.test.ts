import { expect, test } from "@jest/globals";
import { community, seeder } from "../support/cloud.ts";
import { goLive } from "../support/going-live/go-live.ts";
import { contains, first, labelled } from "./support/mouse.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const seed = seeder(cloud);

if (hasBrowser) {
  test("a stream that goes live on the Twitch page can be announced, and ends there", async () => {
    const builder = await seed.builder({ isLive: false });
    const { user } =
      cloud.twitch.channels().find(({ user: { login } }) => login === builder.login) ?? {};
    const tab = await studio.open("/twitch");
    const card = `article[aria-label="${user?.displayName}"]`;
    await tab.click(first(`${card} [name=title]`));
    await tab.type("Lubing switches");
    await tab.click(labelled(card, "Go live"));
    await tab.until(contains(card, "LIVE"));
    const { answer } = await goLive(cloud, builder.id, { context: "chat" });
    expect(answer).toContain("You're live!");
    const [post] = cloud.discord
      .messages(community.generalChannelId)
      .filter(({ content }) => content.endsWith(`/${builder.login}`));
    expect(post?.embeds[0]).toMatchObject({ title: "LIVE NOW: Lubing switches" });
    await tab.click(labelled(card, "End the stream"));
    await tab.click(labelled(card, "Publish video"));
    await tab.until(`${first(`${card} .badge.good`)} !== null`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}

test("a second stream of a channel is refused in words", async () => {
  await studio.call("twitch", "addChannel", { login: "Twice" });
  const live = { login: "twice", title: "One", category: "" };
  expect((await studio.call("twitch", "goLive", live)).status).toBe(200);
  const again = await studio.call("twitch", "goLive", live);
  expect([again.status, await again.json()]).toEqual([400, { error: "twice is already live." }]);
});
