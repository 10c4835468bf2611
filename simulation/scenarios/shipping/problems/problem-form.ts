import { community } from "../../../../local/cloud/community.ts";
import { press, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { chooseFrom, listUnder } from "../../shop/choosing.ts";
import { marketOf } from "../../shop/market.ts";
import { type StoredParcel, storedCases, storedParcels } from "../parcels.ts";
import { sendSomething } from "../sending/sending.ts";

const READING_MS = 5_000;
const SENT = ["sent", "arrived"];
/** Until a report is a case. */
const REPORTED_MS = 60_000;
/** The beginning of a PNG file, and of none. */
const PICTURES = ["89504e470d0a1a0a01", "89504e470d0a1a0a02", "00112233"];

/** A buyer presses "Something is wrong" under the message about a parcel, and fills in the form with pictures. */
export async function reportInForm(stage: Stage, pick: Pick): Promise<void> {
  await reportWith(stage, pick, [[], PICTURES.slice(0, 1), PICTURES.slice(0, 2), PICTURES]);
}

/** Somebody reports something with pictures, and the builder refunds it; they send something if nothing was sent. */
export async function settleWithPictures(stage: Stage, pick: Pick): Promise<void> {
  if ((await sentParcels(stage)).length === 0) await sendSomething(stage, pick);
  const { orderIds } = await reportWith(stage, pick, [PICTURES.slice(0, 2)]);
  await stage.cloud.clock.sleep(REPORTED_MS);
  // Once faults have stopped nobody acts any more.
  if (stage.faults.isQuiet) return;
  const cases = await stage.withoutFaults(() => storedCases(stage));
  const { orderId } = pick(cases.filter((found) => orderIds.includes(found.orderId)));
  await useCommand(stage, marketOf(stage).builder, "c500 case", { order: orderId, do: "refund" });
}

async function sentParcels(stage: Stage): Promise<StoredParcel[]> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  return parcels.filter(({ state }) => SENT.includes(state));
}

/** Reports something about a parcel that was sent, with one of some sets of pictures. */
async function reportWith(
  stage: Stage,
  pick: Pick,
  choices: readonly (readonly string[])[],
): Promise<StoredParcel> {
  const parcel = pick(await sentParcels(stage));
  const asked = await askKind(stage, pick, parcel);
  const answer = stage.discord.interaction(asked)?.original;
  const kinds = /wrong-kind:[^"]+/g;
  const customId = pick(JSON.stringify(answer?.components ?? []).match(kinds) ?? []);
  if (!answer) return parcel;
  const place = { channelId: answer.channel_id, message: answer.id };
  const { id: of } = await press(stage, parcel.buyer, customId, place);
  await stage.cloud.clock.sleep(READING_MS);
  const chosen = pick(choices);
  const pictures = await Promise.all(chosen.map((bytes) => upload(stage, bytes)));
  const values = { text: pick(["", "One corner is bent"]), pictures };
  await stage.discord.client.modalSubmit(stage.endpoint, { of, values });
  return parcel;
}

/** Presses the button and, where several orders are in the parcel, says which. Returns the answer's id. */
async function askKind(stage: Stage, pick: Pick, { id, buyer }: StoredParcel): Promise<string> {
  const customId = `parcel-wrong:${id}`;
  const message = pick(
    stage.discord.dms(buyer).filter((dm) => JSON.stringify(dm.components).includes(customId)),
  );
  const place = { channelId: message.channel_id, message: message.id };
  const pressed = await press(stage, buyer, customId, place);
  await stage.cloud.clock.sleep(READING_MS);
  const list = listUnder(stage, pressed.id);
  if (!list) return pressed.id;
  const chosen = await chooseFrom(stage, buyer, list, pick(list.values));
  await stage.cloud.clock.sleep(READING_MS);
  return chosen.id;
}

/** A file as Discord's client uploads it before the form is sent. */
async function upload({ cloud, withoutFaults }: Stage, hex: string) {
  const bytes = Buffer.from(hex, "hex");
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
  const form = new FormData();
  form.set("payload_json", JSON.stringify({ content: "file" }));
  form.set("files[0]", new Blob([bytes], { type: "image/png" }), "brass.png");
  const url = `${DISCORD_API_BASE_URL}/v10/channels/${community.operatorsChannelId}/messages`;
  const headers = {
    authorization: `Bot ${DISCORD_BOT_TOKEN}`,
    "user-agent": "DiscordBot (https://c500.store, 1)",
  };
  const uploaded = await withoutFaults(async () => {
    const response = await cloud.fetch(url, { method: "POST", headers, body: form });
    return (await response.json()) as { readonly attachments: readonly { readonly url: string }[] };
  });
  const size = bytes.length;
  const [file] = uploaded.attachments;
  return { filename: "brass.png", url: file?.url ?? "", contentType: "image/png", size };
}
