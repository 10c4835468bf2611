import { community } from "../../../../local/cloud/community.ts";
import { press } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { chooseFrom, listUnder } from "../../shop/choosing.ts";
import { type StoredParcel, storedDeadlines, storedParcels } from "../parcels.ts";

const READING_MS = 5_000;
const SENT = ["sent", "arrived"];
/** A sweep does what is due within this time. */
const SWEPT_MS = 20 * 60_000;
/** The beginning of a PNG file, and of none. */
const PICTURES = ["89504e470d0a1a0a01", "89504e470d0a1a0a02", "00112233"];

/** A buyer presses "Something is wrong" under the message about a parcel, and fills in the form with pictures. */
export async function reportInForm(stage: Stage, pick: Pick): Promise<void> {
  const parcels = await stage.withoutFaults(() => storedParcels(stage));
  const parcel = pick(parcels.filter(({ state }) => SENT.includes(state)));
  const asked = await askKind(stage, pick, parcel);
  const answer = stage.discord.interaction(asked)?.original;
  const kinds = /wrong-kind:[^"]+/g;
  const customId = pick(JSON.stringify(answer?.components ?? []).match(kinds) ?? []);
  if (!answer) return;
  const place = { channelId: answer.channel_id, message: answer.id };
  const { id: of } = await press(stage, parcel.buyer, customId, place);
  await stage.cloud.clock.sleep(READING_MS);
  const chosen = pick([[], PICTURES.slice(0, 1), PICTURES.slice(0, 2), PICTURES]);
  const pictures = await Promise.all(chosen.map((bytes) => upload(stage, bytes)));
  const values = { text: pick(["", "One corner is bent"]), pictures };
  await stage.discord.client.modalSubmit(stage.endpoint, { of, values });
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

/** How long until the pictures of a case are deleted; zero if there are none. */
export async function untilPicturesEnd(stage: Stage): Promise<number> {
  const nowMs = stage.cloud.clock.nowMs();
  const due = (await storedDeadlines(stage)).filter(({ kind }) => kind === "case-pictures");
  const nextMs = Math.min(...due.map(({ dueAtMs }) => dueAtMs));
  return nextMs > nowMs && Number.isFinite(nextMs) ? nextMs - nowMs + SWEPT_MS : 0;
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
