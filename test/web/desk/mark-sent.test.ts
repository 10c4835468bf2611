import { describe, expect, test } from "@jest/globals";
import { readSentLines } from "../../../functions/fulfilment/domain/sent-lines.ts";
import { cookieBrowser, fieldsOf } from "../../../local/browser/cookie-browser.ts";
import { useCloud } from "../../support/cloud.ts";
import { parcels } from "../../support/fulfilment/parcels.ts";
import { wordsOf } from "../visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const { people, parcel, dms, sender, buy } = await parcels(cloud);
const [builder, other] = [await sender(), await sender()];
const PATH = "/desk/sent";
const NUMBER = "1Z999AA10123456784";

const at = async (userId: string) => {
  const browser = cookieBrowser(cloud);
  return { browser, page: await browser.signIn(userId) };
};
const send = async (userId: string, lines: string) => {
  const { browser, page } = await at(userId);
  const response = await browser.post(PATH, { ...fieldsOf(page.html, PATH), lines });
  await cloud.settle();
  return wordsOf(await response.text());
};

test("pasted lines mark parcels as sent, each buyer is notified once, and repeats are safe", async () => {
  const drop = await people.drop(builder.id);
  const [one, two] = [await buy(drop), await buy(drop)];
  const lines = `${one.orderId} ${NUMBER}\n\n${two.orderId}, 123456789012, FedEx\nnothing\n`;
  for (const _time of ["first", "again"]) {
    const words = await send(builder.id, lines);
    expect(words.match(/On its way/g)).toHaveLength(2);
    expect(words).toContain("The tracking number is missing");
  }
  expect(await parcel(one.orderId)).toMatchObject({ state: "sent", carrier: "ups" });
  expect(await parcel(two.orderId)).toMatchObject({ state: "sent", carrier: "fedex" });
  expect(dms(one.buyer).filter((dm) => dm.includes(NUMBER))).toHaveLength(1);
});

test("a buyer is notified of each number although the answer to its commit was lost and nobody pastes it again", async () => {
  const { orderId, buyer } = await buy(await people.drop(builder.id));
  const { browser, page } = await at(builder.id);
  const fault = { kind: "lose-answer" } as const;
  for (const number of [NUMBER, "1Z12345E0205271688"]) {
    cloud.faults.add({ target: "firestore", operation: /^Commit$/, fault, times: 1 });
    const fields = { ...fieldsOf(page.html, PATH), lines: `${orderId} ${number}` };
    expect((await browser.post(PATH, fields)).status).toBe(503);
    expect(await parcel(orderId)).toMatchObject({ state: "sent", tracking: number });
    for (const _sweep of [1, 2]) {
      await cloud.clock.advance(16 * 60_000);
      await cloud.settle();
    }
    expect(dms(buyer).filter((dm) => dm.includes(number))).toHaveLength(1);
    const deadline = await cloud.firestore.doc(`deadlines/sent-notice.${orderId}`).get();
    expect(deadline.exists).toBe(false);
  }
});

test("someone suspended marks as sent what they have sold", async () => {
  const { orderId } = await buy(await people.drop(builder.id));
  const place = cloud.firestore.doc(`builders/${builder.id}`);
  await place.update({ standing: "suspended" });
  expect(await send(builder.id, `${orderId} ${NUMBER}`)).toContain("On its way");
  await place.update({ standing: "approved" });
  expect(await parcel(orderId)).toMatchObject({ state: "sent", tracking: NUMBER });
});

describe("nothing is sent", () => {
  test("by another builder, a stranger, someone removed or signed out, or without the form's token", async () => {
    const { orderId } = await buy(await people.drop(builder.id));
    const lines = `${orderId} ${NUMBER}`;
    expect(await send(other.id, lines)).toContain("You have no such order");
    const { browser, page } = await at(builder.id);
    const { page: foreign } = await at(other.id);
    for (const token of ["", fieldsOf(foreign.html, PATH)["token"] ?? ""]) {
      expect((await browser.post(PATH, { token, lines })).status).toBe(403);
    }
    const fields = { ...fieldsOf(page.html, PATH), lines };
    const crossSite = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    expect((await browser.post(PATH, fields, crossSite)).status).toBe(403);
    await cookieBrowser(cloud).post(PATH, fields);
    const stranger = await at(people.person());
    expect((await stranger.browser.post(PATH, fields)).status).toBe(403);
    const place = cloud.firestore.doc(`builders/${builder.id}`);
    await place.update({ standing: "removed" });
    expect((await browser.post(PATH, fields)).status).toBe(403);
    await place.update({ standing: "approved" });
    expect(await parcel(orderId)).toMatchObject({ state: "open" });
  });
});

test.each([
  ["1234", "no-number"],
  ["a/b 123456", "no-order"],
  ["1234 12!", "bad-number"],
  ["1234 123456789012", "ambiguous-carrier"],
  ["1234 123456789012 pigeon", "unknown-carrier"],
])("the line %j is answered %s", (line, error) => {
  expect(readSentLines(line)).toEqual([{ text: line, error }]);
});
