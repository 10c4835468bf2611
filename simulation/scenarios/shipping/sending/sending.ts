import { type Options, press, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { marketOf } from "../../shop/market.ts";
import { buyShipped } from "../buying/ordering.ts";
import { type StoredParcel, storedParcels } from "../parcels.ts";

/** What builders type: as printed, with spaces, mistyped, and not a number at all. */
const NUMBERS = ["1Z999AA10123456784", "1Z 999 AA1 0123 4567 85", "RR123456785DE", "4711", "?"];
/** Somebody else acts this long after the builder. */
const PAUSES_MS = [0, 300, 1_000, 2_500];

async function parcelIn(stage: Stage, pick: Pick, state: string): Promise<StoredParcel> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  return pick(parcels.filter((parcel) => parcel.state === state));
}

/** The builder sends a parcel with what they type, and remembers that they did. */
async function ship(stage: Stage, pick: Pick, parcel: StoredParcel): Promise<void> {
  const { id, orderIds } = parcel;
  const tracking = pick([undefined, ...NUMBERS]);
  const carrier = pick([undefined, undefined, "dhl", "ups"]);
  const options = {
    order: pick([id, ...orderIds]),
    ...(tracking && { tracking }),
    ...(carrier && { carrier }),
    ...(pick([true, true, false]) && { anyway: true }),
  };
  await typeShipment(stage, options);
}

async function typeShipment(
  stage: Stage,
  options: Options & { readonly order: string; readonly tracking?: string },
): Promise<void> {
  const { builder, shipments } = marketOf(stage);
  const { id } = await useCommand(stage, builder, "c500 ship", options);
  shipments.push({ id, named: options.order, tracking: options.tracking });
}

/** The builder sends a parcel. */
export async function send(stage: Stage, pick: Pick): Promise<void> {
  await ship(stage, pick, await parcelIn(stage, pick, "open"));
}

/** The builder builds all that is in a parcel on stream, and sends it. */
export async function proveAndSend(stage: Stage, pick: Pick): Promise<void> {
  await proveAndShip(stage, pick, await parcelIn(stage, pick, "open"));
}

/** The builder builds and sends what waits, whatever there is to wait for; somebody buys if nothing waits. */
export async function sendSomething(stage: Stage, pick: Pick): Promise<void> {
  if ((await openParcels(stage)).length === 0) {
    await buyShipped(stage, pick);
    await stage.cloud.clock.sleep(pick([20_000, 60_000]));
  }
  const parcel = pick((await openParcels(stage)).slice(-1));
  await prove(stage, parcel);
  await stage.cloud.clock.sleep(pick([5_000, 60_000]));
  await typeShipment(stage, { order: parcel.id, anyway: true });
  await stage.cloud.clock.sleep(pick([5_000, 60_000]));
}

async function openParcels(stage: Stage): Promise<readonly StoredParcel[]> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  return parcels.filter(({ state }) => state === "open");
}

/** Somebody buys something, which is built and sent at once; mostly it arrives. */
export async function sellAndSend(stage: Stage, pick: Pick): Promise<void> {
  await buyShipped(stage, pick);
  await stage.cloud.clock.sleep(pick([5_000, 60_000]));
  await sendSomething(stage, pick);
  if (pick([true, true, false])) await confirmArrival(stage, pick);
}

async function prove(stage: Stage, { orderIds }: StoredParcel): Promise<void> {
  const { builder } = marketOf(stage);
  for (const orders of orderIds) {
    await useCommand(stage, builder, "c500 live", { context: "order", orders });
  }
}

async function proveAndShip(stage: Stage, pick: Pick, parcel: StoredParcel): Promise<void> {
  await prove(stage, parcel);
  await stage.cloud.clock.sleep(pick([...PAUSES_MS, 60_000]));
  await ship(stage, pick, parcel);
}

/** The second command does not wait for the first one's answer. */
export async function sendTwice(stage: Stage, pick: Pick): Promise<void> {
  const parcel = await parcelIn(stage, pick, "open");
  await Promise.all([ship(stage, pick, parcel), ship(stage, pick, parcel)]);
}

/** The builder has mistyped a number. */
export async function correct(stage: Stage, pick: Pick): Promise<void> {
  await ship(stage, pick, await parcelIn(stage, pick, "sent"));
}

/** The buyer says that it arrived. */
export async function confirmArrival(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await parcelIn(stage, pick, "sent");
  const customId = `parcel-arrived:${id}`;
  const message = pick(
    stage.discord.dms(buyer).filter((dm) => JSON.stringify(dm.components).includes(customId)),
  );
  await press(stage, buyer, customId, { channelId: message.channel_id, message: message.id });
}

/** The builder refunds an order of a parcel that waits, is on its way, or has arrived. */
export async function refundPacked(stage: Stage, pick: Pick): Promise<void> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  await refund(stage, pick, pick(parcels));
}

/** The builder sends a parcel and refunds an order of it at the same time. */
export async function refundAsSent(stage: Stage, pick: Pick): Promise<void> {
  const parcel = await parcelIn(stage, pick, "open");
  const isFirst = pick([true, false]);
  const acts: (() => Promise<unknown>)[] = [
    () => ship(stage, pick, parcel),
    () => refund(stage, pick, parcel),
  ];
  const [first, second] = isFirst ? acts : acts.toReversed();
  await Promise.all([first?.(), stage.cloud.clock.sleep(pick(PAUSES_MS)).then(() => second?.())]);
}

function refund(stage: Stage, pick: Pick, { orderIds }: StoredParcel) {
  const amount = pick([undefined, undefined, "0.01", "3.33", "10.01"]);
  const part = pick([undefined, undefined, "shipping", "items"]);
  const options = { order: pick(orderIds), ...(amount && { amount }), ...(part && { of: part }) };
  return useCommand(stage, marketOf(stage).builder, "c500 refund", options);
}
