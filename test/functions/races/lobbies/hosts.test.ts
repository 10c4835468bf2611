import { describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { racers } from "../../../support/races/races.ts";
import { shoppers } from "../../../support/shop/shop.ts";

const cloud = await useCloud({ rateLimits: false });
const people = shoppers(cloud);
const track = racers(cloud, people);
await track.registerCommands();
const staff = people.person({ permissions: "32" });

const OPERATORS = community.operatorsChannelId;
const hosts = (user: string, what: string, options = {}) =>
  track.command(user, community.generalChannelId, `c500 hosts ${what}`, options);
const opens = (user: string, channelId = track.channel()) =>
  track.command(user, channelId, "race lobby");
/** The notices to operators about a person, oldest first. */
const notices = (user: string) =>
  cloud.discord
    .messages(OPERATORS)
    .filter(({ embeds }) => embeds[0]?.description?.includes(`<@${user}>`));
const dmsWith = (user: string, words: string) =>
  people.messagesTo(user).filter((text) => text.includes(words));

const pressDecline = (by: string, about: string) =>
  track.press(by, OPERATORS, notices(about)[0]?.id ?? "", `host-decline:${about}.1`);

/** Someone who has pressed "Ask to host" this many times. */
async function asker(times = 1): Promise<string> {
  const ann = people.person();
  const channelId = track.channel();
  const refused = await opens(ann, channelId);
  const message = cloud.discord.interaction(refused.interactionId)?.original?.id ?? "";
  for (let press = 0; press < times; press += 1) {
    const answer = await track.press(ann, channelId, message, "host-ask:me");
    expect(answer.text).toContain("has yet to approve you");
  }
  return ann;
}

describe("someone who asks to host", () => {
  test("causes one notice to the operators however often they press, and may host once approved", async () => {
    const ann = await asker(3);
    expect(notices(ann)).toHaveLength(1);
    expect((await opens(ann)).text).toContain("has yet to approve you");
    const press = `host-approve:${ann}.1`;
    const approved = await track.press(staff, OPERATORS, notices(ann)[0]?.id ?? "", press);
    expect(approved.text).toContain("is a host of races now");
    expect(dmsWith(ann, "you can host races")).toHaveLength(1);
    expect(notices(ann)[0]).toMatchObject({ components: [] });
    expect((await opens(ann)).text).toContain("is open in");
    const late = await track.press(staff, OPERATORS, notices(ann)[0]?.id ?? "", press);
    expect(late.text).toContain("out of date");
  });

  test("is reported to the operators even late, if the request was recorded", async () => {
    const ann = people.person();
    const channelId = track.channel();
    const refused = await opens(ann, channelId);
    const message = cloud.discord.interaction(refused.interactionId)?.original?.id ?? "";
    const operation = new RegExp(`^POST /channels/${OPERATORS}/messages$`);
    cloud.faults.add({ target: "discord", operation, fault: { kind: "fail", code: 503 } });
    await track.press(ann, channelId, message, "host-ask:me");
    await cloud.clock.advance(600_000);
    await cloud.settle();
    cloud.faults.clear();
    await cloud.clock.advance(3_600_000);
    await cloud.settle();
    expect(notices(ann)).toHaveLength(1);
  });

  test("is declined through a form with a reason, which they receive", async () => {
    const ann = await asker();
    const decline = await pressDecline(staff, ann);
    expect(cloud.discord.interaction(decline.interactionId)?.response?.type).toBe(9);
    expect(people.messagesTo(ann)).toEqual([]);
    const sent = await cloud.discord.client.modalSubmit(cloud.url("discord-interactions"), {
      of: decline.interactionId,
      values: { reason: "Race with us first" },
    });
    await cloud.settle();
    expect(people.readAnswer(sent.id).text).toContain("declined as a host");
    expect(dmsWith(ann, "Race with us first")).toHaveLength(1);
    expect(notices(ann)[0]).toMatchObject({ components: [] });
  });

  test("cannot be declined, suspended or removed without a reason", async () => {
    const ann = await asker();
    for (const what of ["decline", "suspend", "remove"]) {
      await expect(hosts(staff, what, { host: ann })).rejects.toThrow("reason is required");
    }
  });

  test("learns why they were declined, and only staff decide", async () => {
    const ann = await asker();
    const stranger = people.person();
    const message = notices(ann)[0]?.id ?? "";
    const tried = await track.press(stranger, OPERATORS, message, `host-approve:${ann}.1`);
    expect(tried.text).toContain("That's for the team");
    expect((await pressDecline(stranger, ann)).text).toContain("That's for the team");
    expect((await hosts(ann, "approve", { host: ann })).text).toContain("That's for the team");
    await hosts(staff, "decline", { host: ann, reason: "Not *yet*" });
    expect(dmsWith(ann, "Not \\*yet\\*")).toHaveLength(1);
    expect((await opens(ann)).text).toContain("didn't approve you");
  });
});

describe("a host", () => {
  test("is approved by command without asking, and listed", async () => {
    const ann = people.person();
    await hosts(staff, "approve", { host: ann });
    expect((await opens(ann)).text).toContain("is open in");
    expect((await hosts(staff, "list")).embeds).toContain(`<@${ann}>`);
    expect((await hosts(ann, "list")).text).toContain("That's for the team");
    expect((await hosts(staff, "approve", { host: ann })).text).toContain("Nothing has changed");
  });

  test("who has left the team can ask to host where they are refused", async () => {
    const ann = people.person({ permissions: "32" });
    const lobby = await track.lobby({}, ann);
    await track.join(lobby, people.person());
    cloud.discord.addUser({ id: ann, username: "ann", permissions: "3072" });
    const labels = ["Ask to host"];
    for (const refused of [await track.start(lobby), await track.pressStart(lobby, ann)]) {
      expect(refused.text).toContain("Press **Ask to host**");
      expect(refused.buttons.map(({ label }) => label)).toEqual(labels);
    }
    await cloud.firestore.doc(`lobbies/${lobby.id}`).update({ state: "finished" });
    const again = await track.command(ann, lobby.channelId, "race again");
    expect(again.buttons.map(({ label }) => label)).toEqual(labels);
  });

  test("cannot open a lobby or start a race while suspended", async () => {
    const ann = people.person();
    await hosts(staff, "approve", { host: ann });
    const lobby = await track.lobby({}, ann);
    await track.join(lobby, people.person());
    await hosts(staff, "suspend", { host: ann, reason: "Raced alone" });
    expect((await track.start(lobby)).text).toContain("has suspended you");
    expect((await track.pressStart(lobby, ann)).text).toContain("has suspended you");
    expect(await track.stored(lobby)).toMatchObject({ state: "open" });
    await hosts(staff, "restore", { host: ann });
    expect((await track.start(lobby)).text).toContain("is on");
    await hosts(staff, "remove", { host: ann, reason: "Left the server" });
    await track.finish(lobby);
    expect((await opens(ann)).text).toContain("removed");
  });

  test("is not notified of a decision after a newer one", async () => {
    const ann = people.person();
    await hosts(staff, "approve", { host: ann });
    const fault = { kind: "fail", code: 503 } as const;
    cloud.faults.add({ target: "discord", operation: /^POST .*\/messages$/, fault });
    const suspended = await hosts(staff, "suspend", { host: ann, reason: "Raced alone" });
    cloud.faults.clear();
    await hosts(staff, "restore", { host: ann });
    await cloud.clock.advance(600_000);
    await cloud.settle();
    expect(dmsWith(ann, "has suspended you")).toEqual([]);
    expect(people.messagesTo(ann).at(-1)).toContain("you can host races");
    const { text } = people.readAnswer(suspended.interactionId);
    expect(text).toContain("Another decision has been made since");
    expect((await opens(ann)).text).toContain("is open in");
  });

  test("cannot open a lobby or start a race while suspended as a builder", async () => {
    const { id: ann } = await people.builder();
    await hosts(staff, "approve", { host: ann });
    const lobby = await track.lobby({}, ann);
    await track.join(lobby, people.person());
    const builders = (what: string, options: Record<string, string>) =>
      people.command(staff, `c500 builders ${what}`, { builder: ann, ...options });
    await builders("suspend", { reason: "Sold copies" });
    expect((await opens(ann)).text).toContain("has suspended you as a C500 builder");
    expect((await track.start(lobby)).text).toContain("has suspended you as a C500 builder");
    expect(await track.stored(lobby)).toMatchObject({ state: "open" });
    await builders("restore", {});
    expect((await track.start(lobby)).text).toContain("is on");
  });

  test("does not become a builder by approval, nor a builder a host", async () => {
    const ann = people.person();
    await hosts(staff, "approve", { host: ann });
    const live = await track.command(ann, track.channel(), "c500 live", { context: "chat" });
    expect(live.text).toContain("builder");
    expect((await opens((await people.builder()).id)).text).toContain("That's for race hosts");
  });
});
