import { cookieBrowser, fieldsOf } from "../../browser/cookie-browser.ts";
import { actors } from "../actors/actors.ts";
import { people, type Stage } from "../cast.ts";
import { pageLines, pagePart } from "../page-text.ts";
import { saveSlips } from "../pictures/slips-picture.ts";
import type { Timeline } from "../timeline.ts";
import { type PlayedStream, type Purchase, passHours } from "./fulfilment.ts";

const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
/** Where the desk's form with tracking numbers is sent. */
const MARK_SENT = "/desk/sent";
/** Each has the form of one carrier's numbers. */
const NUMBERS = ["1Z999AA10123456784", "CX473124829CA", "CX473124832CA"];

/**
 * Plays a builder's desk: packing slips, which are saved as PDF and PNG in `folder` if it is given, and tracking
 * numbers. `earlier` are orders that wait since before the stream.
 */
export async function playDesk(
  stage: Stage,
  timeline: Timeline,
  { together, earlier }: Pick<PlayedStream, "together"> & { readonly earlier: readonly Purchase[] },
  folder: string | undefined,
): Promise<void> {
  const { cloud, discord, twitch, logLines } = stage;
  const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
  const browser = cookieBrowser({ ...cloud, discord });
  const [first] = together;
  if (!first) throw new Error("Nothing was sold.");

  timeline.scene("Mina opens her desk while she is live");
  timeline.does("mina", "signs in with Discord");
  const live = await browser.signIn(people.mina);
  const heading = (html: string) => pagePart(html, "To ship");
  timeline.table(heading(live.html));
  const mayGrow = "The buyer may still add to it until some time after the stream.";
  timeline.expect("ivo's parcel waits: he may still buy more", live.html.includes(mayGrow));

  timeline.scene("The stream ends; a day later she packs");
  twitch.endStream("mina_makes");
  await cloud.settle();
  const reminders = () =>
    discord.dms(people.mina).filter(({ content }) => content.includes("has to be on its way"));
  await passHours(stage, DAY_HOURS + 1, () => reminders().length === 2);
  await timeline.printEvents();
  const read = () => logLines.filter((line) => line.includes('"address-read"')).length;
  const before = read();
  const parcels = [first, ...earlier].map(({ orderId }) => orderId);
  // A session ends after some hours.
  await browser.signIn(people.mina);
  timeline.does("mina", `picks ${parcels.length} parcels at the desk and presses Packing slips`);
  const picked = parcels.map((id) => `parcel=${id}`).join("&");
  const slips = await browser.open(`/desk/slips?size=letter&${picked}`);
  const sheets = slips.html.match(/<article class="slip.*?<\/article>/gs) ?? [];
  const own = sheets.find((sheet) => sheet.includes(first.orderId)) ?? "";
  timeline.table(pageLines(own));
  timeline.expect("there is a slip for each parcel", sheets.length === parcels.length);
  timeline.expect(
    "ivo's has his address and all three things",
    together.every(({ orderId }) => own.includes(orderId)) && own.includes("United States"),
  );
  timeline.expect(
    "each address was read at Stripe, and logged",
    read() === before + parcels.length,
  );
  if (folder !== undefined) {
    timeline.does("mina", await saveSlips({ html: slips.html, site, folder }));
  }

  timeline.scene("She pastes the tracking numbers");
  const lines = parcels.map((id, index) => `${id} ${NUMBERS[index]}`);
  for (const line of lines) timeline.does("mina", `pastes ${line}`);
  const send = async () => {
    const { html } = await browser.open("/desk");
    const response = await browser.post(MARK_SENT, {
      ...fieldsOf(html, MARK_SENT),
      lines: lines.join("\n"),
    });
    return (await response.text()).match(/letting the buyer know/g)?.length;
  };
  timeline.expect("all of them are on their way", (await send()) === parcels.length);
  await timeline.printEvents();
  timeline.does("mina", "pastes them again");
  timeline.expect("which changes nothing", (await send()) === parcels.length);
  await timeline.printEvents();
  const sent = (who: "ivo") =>
    discord.dms(people[who]).filter(({ content }) => content.includes("is on its way"));
  timeline.expect(
    "ivo has one message: they ship together",
    sent("ivo").length === 1 && sent("ivo")[0]?.content.includes("They ship together.") === true,
  );
}

/** Plays what comes after: the arrival, something that is wrong, and an order that is never sent. */
export async function playArrival(
  stage: Stage,
  timeline: Timeline,
  { together, unsent, earlier }: PlayedStream & { readonly earlier: readonly Purchase[] },
): Promise<void> {
  const { discord, stripe, firestore } = stage;
  const act = actors(stage, timeline);
  const [first, cable] = together;
  if (!first || !cable) throw new Error("Nothing was sold.");
  const order = async ({ orderId }: Purchase) =>
    (await firestore.doc(`orders/${orderId}`).get()).data() ?? {};

  timeline.scene("Four days later the parcels are there; hana's was never sent");
  const isLate = () =>
    discord.dms(people.hana).some(({ content }) => content.includes("should have been on its way"));
  await passHours(stage, 4 * DAY_HOURS, isLate);
  await timeline.printEvents();
  timeline.expect("hana and mina read that hers is late", isLate());
  for (const { who } of [first, ...earlier]) await act.pressesInDm(who, "It arrived");
  const delivered = await Promise.all([...together, ...earlier].map(order));
  timeline.expect(
    "five orders are delivered",
    delivered.every(({ fulfillment_status: status }) => status === "delivered"),
  );

  timeline.scene("The cable has a bent plug: mina refunds part of it");
  await act.types("ivo", "c500 problem", {
    order: cable.orderId,
    what: "damaged",
    text: "The plug is a bit bent. I can live with it.",
  });
  const decision = { order: cable.orderId, do: "refund", amount: "10" };
  const decided = await act.types("mina", "c500 case", decision);
  timeline.expect("it is refunded", decided.text.includes("It's refunded"));
  const { refunded } = await order(cable);
  timeline.expect("ivo gets $10.00 back, the rest stays paid", refunded === 1000);

  timeline.scene("Hana has waited for a week longer than promised");
  await passHours(stage, WEEK_HOURS);
  await timeline.skipEvents();
  const { amount } = await order(unsent);
  const account = String(
    (await firestore.doc(`builders/${people.mina}`).get()).get("stripe_account_id"),
  );
  const mina = () => stripe.balances().accounts[account]?.["usd"] ?? 0;
  const had = mina();
  const cancelled = await act.types("hana", "c500 cancel", { order: unsent.orderId });
  timeline.expect("she cancels it herself", cancelled.text.includes("is cancelled"));
  const after = await timeline.order(unsent.orderId);
  timeline.expect(
    "all $77.35 go back to her, with the shipping and the tax",
    amount === 7735 && after["refunded"] === 7735,
  );
  timeline.expect("mina's $63.00 of it are taken back", had - mina() === 6300);
}
