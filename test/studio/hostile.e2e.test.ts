import { beforeAll, expect, test } from "@jest/globals";
import { documentDefinitions } from "../../functions/documents.ts";
import { people, SETTINGS } from "../../local/demo/cast.ts";
import { toBytes } from "../../local/upstash/reply.ts";
import { noticeDue } from "../../shared/events/notice-due.ts";
import { SPAN_FIELD, TRACE_FIELD } from "../../shared/runtime/log.ts";
import { stripeClient } from "../support/clients/stripe-client.ts";
import { community } from "../support/cloud.ts";
import { sampleOf, samplePath } from "../support/stored/sample-documents.ts";
import { goTo, places, TOO_WIDE } from "./support/places.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio({ environment: { ...SETTINGS } });
const { cloud } = studio;

/** Begins to write from right to left, and does not end it. */
const OVERRIDE = "\u202e";
/** HTML, Markdown, a turn of the writing's direction, and a word that fits no line. */
const HOSTILE = `<x-evil onclick="1">evil</x-evil> **bold** [press](javascript:alert(1)) ${OVERRIDE}turned ${"W".repeat(2_000)}`;
/** The same where a service limits the length. */
const SHORT = `<x-evil>evil</x-evil> ${OVERRIDE}turned ${"W".repeat(150)}`;
const HOUR_MS = 3_600_000;
const TRACE = "f".repeat(32);

/** Puts the text wherever a page of the studio shows what somebody wrote. */
async function plant(): Promise<void> {
  const { discord, twitch } = cloud;
  discord.addUser({ id: "390", username: HOSTILE, globalName: HOSTILE });
  discord.addRole({ id: "391", guildId: community.guildId, name: HOSTILE });
  discord.addChannel({ id: "392", guildId: community.guildId, name: HOSTILE });
  discord.addGuild({ id: "393", name: HOSTILE });
  discord.addChannel({ id: "394", guildId: "393", name: HOSTILE });
  discord.addUser({ id: people.mina, username: SHORT, roles: ["391"] });
  twitch.addUser({ id: "395", login: "evil_channel", displayName: HOSTILE });
  twitch.goLive("evil_channel", { title: HOSTILE, gameName: HOSTILE });
  twitch.addUser({ id: "396", login: HOSTILE });
  const stripe = stripeClient(cloud);
  await stripe.customers.create({ name: SHORT, email: `${SHORT}@c500.test`, description: SHORT });
  const sale = { provider: "kofi", item: HOSTILE, amount: "1", currency: "USD", lobby: "" };
  await studio.call("shops", "sell", sale);
  const at = cloud.clock.now();
  for (const definition of documentDefinitions) {
    const sample = sampleOf(definition, { userId: people.mina, id: HOSTILE, at });
    const fields = Object.entries(sample).filter(([, value]) => value !== undefined);
    const path = samplePath(definition, { userId: people.mina, id: "evil" });
    await cloud.firestore.doc(path).set(Object.fromEntries(fields));
  }
  const bytes = toBytes(HOSTILE);
  await cloud.upstash?.run("SET", bytes, bytes);
  await cloud.upstash?.run("HSET", `limit:${bytes}`, bytes, bytes);
  await cloud.publisher.publish(noticeDue, { id: "evil", message: { content: HOSTILE } });
  await cloud.tasks?.queues(Math.random).create("drop-board", {
    name: "evil",
    dueAt: new Date(at.getTime() + HOUR_MS),
    url: `${cloud.url("drop-board")}?`,
    headers: {},
    body: Buffer.from(JSON.stringify({ [HOSTILE]: HOSTILE })),
    account: "",
  });
  for (const severity of ["INFO", "ERROR"]) {
    studio.logs.add(
      JSON.stringify({
        time: cloud.clock.now().toISOString(),
        severity,
        message: HOSTILE,
        function: HOSTILE,
        event: "handled",
        [HOSTILE]: HOSTILE,
        stack: HOSTILE,
        [TRACE_FIELD]: `projects/c500/traces/${TRACE}`,
        [SPAN_FIELD]: "f".repeat(16),
      }),
    );
  }
  await cloud.settle();
}

const evil = encodeURIComponent(HOSTILE);
/** Where one thing of a list is opened. */
const opened: typeof places = [
  ["/discord?pane=390:392", ".seat"],
  [`/inside?tab=traces&trace=${TRACE}`, ".pane.scrolls"],
  ["/inside?tab=dead-letters&letter=evil", "[aria-label='Dead letter'] > *"],
  ["/inside?tab=firestore&document=dead_letters%2Fevil", ".values"],
  [`/inside?tab=redis&key=${evil}`, ".pane.scrolls"],
  [`/inside?tab=ledger&account=${evil}&currency=usd`, "[aria-label] .close"],
  ["/inside?tab=ledger&entry=evil", "[aria-label] .close"],
];

/** Places that show nothing that somebody wrote, or nothing of it here. */
const spared: ReadonlySet<string> = new Set([
  "/twitch?tab=events",
  "/scenes",
  "/stripe",
  "/stripe?tab=refunds",
  "/stripe?tab=disputes",
  "/stripe?tab=accounts",
  "/stripe?tab=balances",
  "/stripe?tab=webhooks",
  "/mail",
  "/time",
  "/trouble",
  "/replay",
  "/inside?tab=firestore",
]);

const shows = `document.getElementById("page").textContent.includes("turned")`;

/** What was taken for markup, and text whose turned direction leaks into what stands behind it. */
const MISREAD = `(() => {
  for (const each of document.querySelectorAll("#page details")) each.open = true;
  const found = [...document.querySelectorAll("x-evil, [href^='javascript']")].map((each) => each.outerHTML.slice(0, 100));
  for (const { placeholder } of document.querySelectorAll("[placeholder]")) {
    if (placeholder.includes(${JSON.stringify(OVERRIDE)}) && !placeholder.includes("\u2069")) found.push(placeholder);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.data.includes(${JSON.stringify(OVERRIDE)})) continue;
    let around = text;
    for (;;) {
      const parent = around.parentElement;
      const behind = around.nextSibling;
      if (behind && behind.textContent.trim() !== "" && (behind.nodeType === 3 || getComputedStyle(behind).display.startsWith("inline"))) {
        found.push("turns what follows: " + parent.outerHTML.slice(0, 160));
      }
      const { unicodeBidi, display } = getComputedStyle(parent);
      if (display !== "inline" && display !== "contents") break;
      if (unicodeBidi.includes("isolate")) break;
      around = parent;
    }
  }
  return found.slice(0, 8);
})()`;

if (hasBrowser) {
  beforeAll(async () => {
    const started = await studio.call("scenes", "start", { name: "auction", seed: 7 });
    expect(started.status).toBe(200);
    await plant();
  });

  test.each([400, 1280])("hostile text stays text on every page, %i px wide", async (width) => {
    const tab = await studio.open("/time", { width });
    const found: unknown[] = [];
    for (const [place, loaded] of [...places, ...opened]) {
      await goTo(tab, "/replay", "#page");
      await tab.until(`!${shows}`);
      await goTo(tab, place, loaded);
      if (!spared.has(place)) await tab.until(shows);
      const misread = (await tab.evaluate(MISREAD)) as unknown[];
      const wide = (await tab.evaluate(TOO_WIDE)) as unknown[];
      if (misread.length + wide.length > 0) found.push([place, misread, wide]);
    }
    expect(found).toEqual([]);
    // Leaving Pages cancels what its frames still load, and the planted auction has no picture.
    const expected = /ERR_ABORTED|\/auction\/evil\/picture/;
    expect(tab.complaints.filter((each) => !expected.test(each))).toEqual([]);
    await tab.close();
  });
}
