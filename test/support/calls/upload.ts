import { community, type TestCloud } from "../cloud.ts";

/** A file served by Discord, as a client attaches it to a command or a form. */
export async function upload(
  { settings, fetch }: TestCloud,
  bytes: Buffer<ArrayBuffer>,
  type: string,
) {
  const form = new FormData();
  form.set("payload_json", JSON.stringify({ content: "file" }));
  form.set("files[0]", new Blob([bytes], { type }), "brass.png");
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = settings;
  const url = `${DISCORD_API_BASE_URL}/v10/channels/${community.operatorsChannelId}/messages`;
  const uploaded = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bot ${DISCORD_BOT_TOKEN}`,
      "user-agent": "DiscordBot (https://c500.store, 1)",
    },
    body: form,
  });
  const { attachments } = (await uploaded.json()) as { attachments: { url: string }[] };
  const size = bytes.length;
  return { filename: "brass.png", url: attachments[0]?.url ?? "", contentType: type, size };
}
