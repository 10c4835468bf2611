import { describe, expect, test } from "@jest/globals";
import { labelCsv } from "../../../functions/fulfilment/addresses/label-csv.ts";
import { cookieBrowser } from "../../../local/browser/cookie-browser.ts";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { useCloud } from "../../support/cloud.ts";
import { parcels } from "../../support/fulfilment/parcels.ts";
import { wordsOf } from "../visitor.ts";

const cloud = await useCloud({ rateLimits: false });
const { people, sender, buy, press } = await parcels(cloud);
const [builder, other] = [await sender(), await sender()];
const brass = await people.drop(builder.id, { title: "Brass weight" });
const held = await people.drop(builder.id, { title: "Built to order", payment: "held" });
const [first, second, unproved] = [await buy(brass), await buy(brass), await buy(held)];
const theirs = await buy(await people.drop(other.id));

/** The names that Shippo's template for orders has for what a label needs. */
const SHIPPO_COLUMNS = [
  "Order Number",
  "Recipient Name",
  "Company",
  "Email",
  "Phone",
  "Street Line 1",
  "Street Line 2",
  "City",
  "State/Province",
  "Zip/Postal Code",
  "Country",
  "Item Title",
  "Quantity",
  "Order Weight",
  "Order Weight Unit",
];

/** Reads a file of quoted cells as RFC 4180 has it, and refuses every other one. */
function readStrictly(text: string): readonly string[][] {
  const cell = '"((?:[^"\\r\\n]|"")*)"';
  const line = new RegExp(`${cell}(,|\\r\\n)`, "y");
  const rows: string[][] = [[]];
  while (line.lastIndex < text.length) {
    const at = line.lastIndex;
    const [, value, end] = line.exec(text) ?? [];
    if (value === undefined) throw new Error(`No cell at ${at}: ${text.slice(at, at + 40)}`);
    rows.at(-1)?.push(value.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  if (rows.pop()?.length !== 0) throw new Error("The last line has no end.");
  return rows;
}

/** Who Stripe says that an order goes to. */
async function recipientOf(sessionId: string): Promise<{ name: string; street: string }> {
  const session = await stripeClient(cloud).checkout.sessions.retrieve(sessionId);
  const shipping = session.collected_information?.shipping_details;
  return { name: shipping?.name ?? "", street: shipping?.address.line1 ?? "" };
}
const recipients = new Map<string, { name: string; street: string }>();
for (const { orderId, sessionId } of [first, second, unproved, theirs]) {
  recipients.set(orderId, await recipientOf(sessionId));
}
const addressOf = ({ orderId }: { orderId: string }) => {
  const found = recipients.get(orderId);
  if (!found?.street) throw new Error("The buyer gave no address.");
  return found;
};
const signedIn = async (userId: string) => {
  const browser = cookieBrowser(cloud);
  await browser.signIn(userId);
  return browser;
};
const readings = () => cloud.logLines.filter((line) => line.includes('"address-read"'));
const everyId = [first, second, unproved, theirs].map(({ orderId }) => `parcel=${orderId}`);
const paths = [`/desk/slips?${everyId.join("&")}`, `/desk/parcels.csv?${everyId.join("&")}`];

describe("packing slips", () => {
  test("have the address and the items of each parcel, and what may not be sent is left out with its reason", async () => {
    const browser = await signedIn(builder.id);
    const before = readings().length;
    const { html } = await browser.open(`/desk/slips?size=letter&${everyId.join("&")}`);
    expect(html.match(/<article class="slip card">/g)).toHaveLength(2);
    expect(html).toContain('class="slips letter"');
    for (const order of [first, second]) expect(html).toContain(addressOf(order).street);
    expect(html).not.toContain(addressOf(unproved).street);
    expect(html).not.toContain("<script");
    const words = wordsOf(html);
    expect(words).toContain(`Brass weight Order ${first.orderId} 1`);
    expect(words).toContain(`${unproved.orderId} : Its money is held until you build it`);
    expect(words).toContain(`${theirs.orderId} : You have no such parcel`);
    expect(words).toContain(`From ${builder.login} at C500`);
    expect(readings()).toHaveLength(before + 2);
  });

  test("are made for parcels with reasons to wait only if the builder asks for it", async () => {
    const place = cloud.firestore.doc(`parcels/${first.orderId}`);
    await place.update({ is_price_wrong: true });
    const browser = await signedIn(builder.id);
    const slips = async (more: string) =>
      (await browser.open(`/desk/slips?parcel=${first.orderId}${more}`)).html;
    expect(await slips("")).toContain("paid for another place");
    expect(await slips("&anyway=yes")).toContain(addressOf(first).street);
    await place.update({ is_price_wrong: false });
  });
});

describe("the slip of a parcel that was sent", () => {
  const DAY_MS = 24 * 60 * 60_000;
  const LISTS = ["sent", "arrived"];
  /** A parcel that was sent, and its builder's browser. */
  async function sentParcel() {
    const { id } = await sender();
    const order = await buy(await people.drop(id, { title: "Steel plate" }));
    await people.command(id, "c500 ship", { order: order.orderId, tracking: "1Z999AA10123456784" });
    const { street } = await recipientOf(order.sessionId);
    const path = `/desk/slips?parcel=${order.orderId}`;
    const browser = await signedIn(id);
    const linked = async () => {
      const pages = LISTS.map(async (list) => (await browser.open(`/desk?list=${list}`)).html);
      return (await Promise.all(pages)).some((html) => html.includes(`href="${path}"`));
    };
    return { ...order, browser, street, path, linked };
  }

  test("is under it on the desk until thirty days after it arrived, each view is logged, and there is no label", async () => {
    const { orderId, browser, street, path, linked, buyer } = await sentParcel();
    const before = readings().length;
    expect(await linked()).toBe(true);
    expect((await browser.open(path)).html).toContain(street);
    await press(buyer, `parcel-arrived:${orderId}`);
    expect(await linked()).toBe(true);
    expect((await browser.open(path)).html).toContain(street);
    expect(readings()).toHaveLength(before + 2);
    const labels = await browser.send(`/desk/parcels.csv?parcel=${orderId}&anyway=yes`);
    expect(await labels.text()).not.toContain(street);

    const place = cloud.firestore.doc(`parcels/${orderId}`);
    await place.update({ arrived_at: new Date(cloud.clock.nowMs() - 30 * DAY_MS) });
    expect(await linked()).toBe(false);
    const { html } = await browser.open(path);
    expect(html).not.toContain(street);
    expect(wordsOf(html)).toContain(`${orderId} : It arrived more than 30 days ago`);
    expect(readings()).toHaveLength(before + 2);
  });

  test("is not printed unless it is picked", async () => {
    const { browser, street } = await sentParcel();
    expect((await browser.open("/desk/slips?anyway=yes")).html).not.toContain(street);
  });

  test("is nobody's once its buyer is forgotten", async () => {
    const { orderId, browser, street, path, linked } = await sentParcel();
    await cloud.firestore.doc(`parcels/${orderId}`).update({
      buyer_id: "forgotten-000000000000000000000000",
    });
    expect(await linked()).toBe(false);
    expect((await browser.open(path)).html).not.toContain(street);
  });
});

describe("the CSV for labels", () => {
  test("has a row for each parcel that may be sent, and is not cached", async () => {
    const browser = await signedIn(builder.id);
    const response = await browser.send("/desk/parcels.csv");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("content-disposition")).toContain("parcels.csv");
    const text = await response.text();
    const [names = [], ...rows] = readStrictly(text);
    expect(rows).toHaveLength(2);
    expect(names).toEqual(SHIPPO_COLUMNS);
    for (const row of rows) expect(row).toHaveLength(names.length);
    const lines = text.trimEnd().split("\r\n");
    for (const order of [first, second]) {
      const row = lines.find((line) => line.startsWith(`"${order.orderId}"`));
      expect(row).toContain(`"${addressOf(order).name}",""`);
      expect(row).toContain(`"${addressOf(order).street}"`);
      expect(row).toContain('"1 x Brass weight","1",""');
    }
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u200b=1", "\r\n=1", "＝1", "|cmd"])(
    "has no cell that a spreadsheet takes for a formula: %j",
    (hostile) => {
      const address = { lines: [hostile, hostile], city: hostile, state: hostile };
      const csv = labelCsv([
        {
          parcelId: "1",
          recipient: {
            name: hostile,
            address: { ...address, postalCode: hostile, country: "US" },
            phone: "+1 555 0100",
            email: hostile,
          },
          items: [{ title: `"${hostile}`, quantity: 1 }],
        },
      ]);
      const [, cells = [], ...more] = readStrictly(csv);
      expect(more).toEqual([]);
      expect(cells).toHaveLength(SHIPPO_COLUMNS.length);
      for (const cell of cells) expect(cell).toMatch(/^(?:$|['"\w])/);
      expect(cells).toContain("15550100");
    },
  );
});

describe.each(paths)("at %s", (path) => {
  test.each<[string, () => Promise<string | undefined>]>([
    ["nobody who is signed in", async () => undefined],
    ["a stranger", async () => people.person()],
    [
      "a builder who is suspended",
      async () => {
        const suspended = await sender();
        await cloud.firestore.doc(`builders/${suspended.id}`).update({ standing: "suspended" });
        return suspended.id;
      },
    ],
    ["another builder", async () => (await sender()).id],
  ])("%s gets no address of somebody else's parcels", async (_who, person) => {
    const userId = await person();
    const browser = userId === undefined ? cookieBrowser(cloud) : await signedIn(userId);
    const before = readings().length;
    const { html } = await browser.open(path);
    for (const order of [first, second, unproved, theirs]) {
      expect(html).not.toContain(addressOf(order).street);
    }
    expect(readings()).toHaveLength(before);
  });
});

test("no address is in the logs", async () => {
  const browser = await signedIn(builder.id);
  for (const path of paths) await browser.open(path);
  const logged = cloud.logLines.join("\n");
  for (const order of [first, second]) {
    expect(logged).not.toContain(addressOf(order).street);
    expect(logged).not.toContain(addressOf(order).name);
  }
});
