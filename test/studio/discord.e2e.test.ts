import { expect, test } from "@jest/globals";
import { community, seeder } from "../support/cloud.ts";
import { paneOf } from "./support/discord-panes.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const seed = seeder(cloud);
const { generalChannelId, guildId } = community;

/** Calls Discord's API as the application. */
function api(method: string, path: string, body?: object): Promise<Response> {
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
  return fetch(`${DISCORD_API_BASE_URL}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${DISCORD_BOT_TOKEN}`,
      "user-agent": "DiscordBot (https://c500.test, 1)",
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Posts a message as the application. */
async function post(body: object, channelId: string = generalChannelId): Promise<string> {
  const answer = await api("POST", `/channels/${channelId}/messages`, body);
  const { id } = (await answer.json()) as { id: string };
  return id;
}

/** Pins a message as the application. Returns the answer's status. */
async function pin(messageId: string, channelId: string): Promise<number> {
  return (await api("PUT", `/channels/${channelId}/messages/pins/${messageId}`)).status;
}

/** Adds someone. */
function person(username?: string): string {
  const id = `300000000000000${String(people++).padStart(3, "0")}`;
  cloud.discord.addUser({ id, ...(username !== undefined && { username }) });
  return id;
}
let people = 0;

const read = async (name: string, input: object) => {
  const answer = await studio.call("discord", name, input);
  return (await answer.json()) as Record<string, unknown>;
};

if (hasBrowser) {
  test("a builder goes live with an order by the keyboard alone, and only then hears the buyer of it", async () => {
    const builder = await seed.builder({ title: "Lubing switches" });
    const order = await seed.order(builder.id, { title: "Cozy 65" });
    const tab = await studio.open(
      `/discord?pane=${builder.id}:${generalChannelId}&pane=${order.buyerId}:dm`,
    );
    const [mine, theirs] = [paneOf(tab, 0), paneOf(tab, 1)];
    await theirs.shows("Nothing has been said");
    await mine.types("/liv");
    await tab.until(`${mine.find("[role=option]")}?.textContent.startsWith("/c500 live")`);
    await tab.press("Enter");
    await tab.until(`document.activeElement.dataset.option === "context"`);
    await tab.press("Enter");
    await tab.until(`${mine.find(".option.chosen")} !== null`);
    await tab.type("x");
    await tab.press("Enter");
    await tab.until(
      `${mine.find(".option-help .problem")}?.textContent === "context must be one of the list"`,
    );
    await tab.press("Escape");
    await mine.types("/c500 live context:building one");
    await tab.until(`${mine.find("[role=option]")}?.textContent === "order: building one order"`);
    await tab.press("Enter");
    await tab.until(`${mine.find(".option.chosen")} !== null`);
    await tab.press("Tab");
    await tab.press("Enter");
    await tab.until(`${mine.find("[role=option]")}?.textContent.includes("Cozy 65") === true`);
    await tab.press("Enter");
    await tab.until(`${mine.find(".option.chosen [data-option=orders]")} !== null`);
    await tab.press("Enter");
    await mine.shows("used /c500 live");
    await theirs.shows("is on the workbench right now");
    expect(await theirs.text()).not.toContain("used /c500 live");
    await tab.until(`document.activeElement.classList.contains("composer-input")`);
    await tab.press("ArrowUp");
    await tab.until(`${mine.find("[data-option=orders]")}?.value.includes("Cozy 65") === true`);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a form keeps what was typed while it cannot be sent, and a refusal is shown in words", async () => {
    const builder = await seed.builder();
    const tab = await studio.open(
      `/discord?pane=${builder.id}:${generalChannelId}&pane=${person()}:${generalChannelId}`,
    );
    const [mine, theirs] = [paneOf(tab, 0), paneOf(tab, 1)];
    await mine.types("/c500 drop payment:ready");
    await tab.until(`${mine.find("[role=option]")} !== null`);
    await tab.press("Enter");
    await tab.until(`${mine.find(".option.chosen")} !== null`);
    await tab.press("Enter");
    const field = (name: string) =>
      mine.find(`dialog .form-field:nth-of-type(${name}) :is(input, textarea)`);
    await tab.click(field("1"));
    await tab.type("<b>Brass</b> weight");
    await tab.press("Tab");
    await tab.type("twelve");
    await tab.press("Tab");
    await tab.type("3");
    cloud.faults.add({
      target: "discord",
      operation: /deliver submit/,
      fault: { kind: "drop" },
      times: 1,
    });
    await tab.press("Enter");
    await tab.until(`${mine.find("dialog .problem[role=alert]")} !== null`);
    expect(await tab.evaluate(`${field("2")}.value`)).toBe("twelve");
    await tab.click(mine.button("Submit"));
    await mine.shows('Price: I can\'t read "twelve"');
    expect(await theirs.text()).not.toContain("Only you can see this");
    await tab.click(mine.button("Dismiss message"));
    await mine.shows("Nothing has been said");
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("names, texts and links of anyone are shown as text, and link to websites only", async () => {
    const evil = '<img src=x onerror="document.title=1">';
    const userId = person(evil);
    const bad = "[press](javascript:alert(1)) [good](https://c500.test/a)";
    await post({
      content: `${evil} <@${userId}> ${bad} ||${evil}||`,
      embeds: [
        {
          title: evil,
          description: bad,
          fields: [{ name: evil, value: evil }],
          footer: { text: evil },
        },
      ],
    });
    const tab = await studio.open(`/discord?pane=${userId}:${generalChannelId}`);
    const pane = paneOf(tab);
    await pane.shows(`@${evil}`);
    expect(await tab.evaluate(`document.querySelectorAll(".discord img").length`)).toBe(0);
    expect(
      await tab.evaluate(
        `[...new Set([...document.querySelectorAll(".messages a")].map((a) => a.href))]`,
      ),
    ).toEqual(["https://c500.test/a"]);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a pinned message is announced, marked and listed, and staff decide whether the bot may pin", async () => {
    const userId = person();
    const staffId = `5${userId.slice(1)}`;
    cloud.discord.addUser({ id: staffId, username: "keeper", permissions: "32" });
    const channelId = `6${userId.slice(1)}`;
    cloud.discord.addChannel({ id: channelId, guildId, name: "stage" });
    const messageId = await post({ content: "The board of the auction" }, channelId);
    await pin(messageId, channelId);
    const tab = await studio.open(`/discord?pane=${staffId}:${channelId}`);
    const pane = paneOf(tab);
    await pane.shows("pinned a message to this channel");
    await pane.shows("📌 Pinned");
    await tab.click(pane.find(".pins .picker-button"));
    await tab.until(
      `${pane.find(".pins [role=option]")}?.textContent.includes("The board") === true`,
    );
    await tab.press("Enter");
    await tab.click(pane.button("⚙ What the bot may do here"));
    await tab.click(
      `[...${pane.find("dialog")}.querySelectorAll("label")].find((each) => each.textContent.includes("Pin Messages"))`,
    );
    await tab.click(pane.button("Save"));
    await tab.until(`${pane.find("dialog")} === null`);
    expect(await pin(messageId, channelId)).toBe(403);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a server's events are listed with their state, and their time in the viewer's zone", async () => {
    const userId = person();
    const inAnHour = new Date(cloud.clock.nowMs() + 3_600_000);
    const event = {
      name: "Brass weight",
      entity_type: 3,
      privacy_level: 2,
      entity_metadata: { location: "https://c500.test/" },
      scheduled_start_time: inAnHour.toISOString(),
      scheduled_end_time: new Date(inAnHour.getTime() + 3_600_000).toISOString(),
    };
    await api("POST", `/guilds/${guildId}/scheduled-events`, event);
    const tab = await studio.open(`/discord?pane=${userId}:${generalChannelId}`);
    const pane = paneOf(tab);
    await tab.click(pane.find(".events .picker-button"));
    const shown = `${pane.find(".events [role=option]")}?.textContent ?? ""`;
    await tab.until(`(${shown}).startsWith("Brass weight")`);
    const time = `new Date(${inAnHour.getTime()}).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })`;
    expect(await tab.evaluate(`(${shown}).endsWith(${time})`)).toBe(true);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a server and a channel are added and a channel is deleted by the keyboard alone", async () => {
    const userId = person();
    const staffId = `4${userId.slice(1)}`;
    cloud.discord.addUser({ id: staffId, username: "warden", permissions: "32" });
    const dmOf = (id: string) => `/discord?pane=${id}:dm`;
    const tab = await studio.open(dmOf(userId));
    const pane = paneOf(tab);
    await pane.shows("Nothing has been said");
    expect(await tab.evaluate(`${pane.button("+ Add a channel")} === undefined`)).toBe(true);
    await tab.close();

    const ours = await studio.open(dmOf(staffId));
    const mine = paneOf(ours);
    const press = async (button: string) => {
      await ours.until(`${button} !== undefined`);
      await ours.evaluate(`${button}.focus()`);
      await ours.press("Enter");
    };
    const isTitled = (title: string) =>
      ours.until(`${mine.find(".seat-title")}?.textContent === ${JSON.stringify(title)}`);
    await press(mine.button("+ Add a server"));
    await ours.until(`document.activeElement.closest("dialog") !== null`);
    await ours.type("Second home");
    await ours.press("Enter");
    await isTitled("#general");
    await press(mine.button("+ Add a channel"));
    await ours.until(`document.activeElement.tagName === "SELECT"`);
    expect(await ours.evaluate(`document.activeElement.selectedOptions[0].text`)).toBe(
      "Second home",
    );
    await ours.press("Tab");
    await ours.type("attic");
    await ours.press("Enter");
    await isTitled("#attic");
    const { windows } = cloud.discord;
    const attic = () => windows.surroundings().channels.find(({ name }) => name === "attic");
    await post({ content: `<@${userId}> come up` }, attic()?.id);
    await mine.shows("come up");
    expect(windows.pings()[userId]).toBe(1);

    await press(mine.button("− Delete #attic"));
    await ours.until(`${mine.find("dialog[open]")}?.ariaLabel === "Delete #attic?"`);
    await ours.press("Escape");
    await ours.until(`${mine.find("dialog")} === null`);
    expect(attic()).toBeDefined();
    expect(await ours.evaluate(`document.activeElement.textContent`)).toBe("− Delete #attic");
    await ours.press("Enter");
    await ours.until(`${mine.find("dialog[open]")} !== null`);
    await press(mine.button("Delete the channel"));
    await isTitled("#general");
    expect(attic()).toBeUndefined();
    expect(windows.pings()[userId]).toBeUndefined();
    expect(ours.complaints).toEqual([]);
    await ours.close();
  });

  test("a thousand edits of a board redraw that message alone", async () => {
    const userId = person();
    cloud.discord.addChannel({ id: "530", guildId, name: "board" });
    const first = await post({ content: "Before" }, "530");
    const board = await post({ content: "Bid 0" }, "530");
    const tab = await studio.open(`/discord?pane=${userId}:530`);
    const pane = paneOf(tab);
    await pane.shows("Bid 0");
    const { sequence } = await read("changes", { userId, channelId: "530", since: 0 });
    await tab.evaluate(`window.kept = ${pane.find(`[data-id="${first}"]`)}`);
    const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
    for (let bid = 1; bid <= 1_000; bid += 1) {
      const edited = await fetch(`${DISCORD_API_BASE_URL}/v10/channels/530/messages/${board}`, {
        method: "PATCH",
        headers: {
          authorization: `Bot ${DISCORD_BOT_TOKEN}`,
          "user-agent": "DiscordBot (https://c500.test, 1)",
          "content-type": "application/json",
        },
        body: JSON.stringify({ content: `Bid ${bid}` }),
      });
      await edited.body?.cancel();
    }
    await pane.shows("Bid 1000");
    expect(await tab.evaluate(`window.kept.isConnected`)).toBe(true);
    const changes = await read("changes", { userId, channelId: "530", since: sequence });
    expect(changes).toMatchObject({
      isWhole: false,
      changed: [{ id: board, content: "Bid 1000" }],
    });
    await tab.close();
  });
}

test("a disabled button and another's message cannot be pressed", async () => {
  const [userId, other] = [person(), person()];
  const button = { type: 2, style: 1, label: "Bid", custom_id: "bid:1", disabled: true };
  const messageId = await post({
    content: "Sold",
    components: [{ type: 1, components: [button] }],
  });
  const press = { userId, channelId: generalChannelId, messageId, customId: "bid:1" };
  const refused = await studio.call("discord", "press", press);
  expect([refused.status, await refused.json()]).toEqual([400, { error: "bid:1 is disabled" }]);
  await studio.call("discord", "run", {
    userId,
    channelId: generalChannelId,
    name: "c500 help",
    options: {},
  });
  const { changed } = await read("changes", { userId, channelId: generalChannelId, since: 0 });
  const [answer] = (changed as { id: string; onlyFor?: string }[]).filter(({ onlyFor }) => onlyFor);
  expect(answer).toMatchObject({ onlyFor: userId, usedCommand: "/c500 help" });
  const theirs = { userId: other, channelId: generalChannelId, messageId: answer?.id };
  expect((await studio.call("discord", "dismiss", theirs)).status).toBe(400);
});

test("a deleted channel shows nothing any more, and its id is never given again", async () => {
  const userId = person();
  const add = async () => {
    const added = await studio.call("discord", "addChannel", { guildId, name: "once" });
    return (await added.json()) as string;
  };
  const channelId = await add();
  await post({ content: "hello" }, channelId);
  const { sequence } = await read("changes", { userId, channelId, since: 0 });
  await studio.call("discord", "deleteChannel", { channelId });
  // A page that follows the channel may ask once more before it knows, and is not refused.
  const changes = await studio.call("discord", "changes", { userId, channelId, since: sequence });
  expect([changes.status, await changes.json()]).toMatchObject([
    200,
    { sequence: 0, changed: [], problem: "Unknown Channel" },
  ]);
  expect(await read("pins", { userId, channelId })).toEqual([]);
  expect(await read("markRead", { userId, channelId })).toBeNull();
  expect(await add()).not.toBe(channelId);
});

test("a ping counts for whom it notified until they read it", async () => {
  const [pinged, other] = [person(), person()];
  cloud.discord.addChannel({ id: "531", guildId, name: "news" });
  await post({ content: `<@${pinged}> it is your turn` }, "531");
  const news = async (userId: string) => {
    const { news: all } = await read("channels", { userId });
    return (all as Record<string, object>)["531"];
  };
  expect([await news(pinged), await news(other)]).toEqual([
    { unread: 1, pings: 1 },
    { unread: 1, pings: 0 },
  ]);
  await studio.call("discord", "markRead", { userId: pinged, channelId: "531" });
  expect(await news(pinged)).toBeUndefined();
  const { pings } = await read("overview", { known: "" });
  expect((pings as Record<string, number>)[pinged]).toBeUndefined();
});
