import { community, type TestCloud } from "../cloud.ts";

/** The final answer to a builder. */
export interface GoLiveAnswer {
  readonly interactionId: string;
  /** The answer's text. */
  readonly answer: string;
  /** The lines about orders; empty when there are none. */
  readonly report: string;
}

interface Option {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** An interaction for `/c500 live`, complete as Discord posts it. */
export function interactionBody(
  userId: string,
  options: readonly Option[],
  of = { id: "7", token: "t" },
) {
  return {
    ...of,
    type: 2,
    version: 1,
    application_id: community.applicationId,
    guild_id: community.guildId,
    channel_id: community.generalChannelId,
    member: { user: { id: userId, username: "someone" } },
    data: liveData(options),
  };
}

/** Runs `/c500 live` as a user, lets everything settle and returns the answer. */
export async function goLive(
  cloud: TestCloud,
  user: string,
  options: Readonly<Record<string, string>>,
): Promise<GoLiveAnswer> {
  const channelId = community.generalChannelId;
  const data = liveData(textOptions(options));
  const endpoint = cloud.url("discord-interactions");
  const { id } = await cloud.discord.client.raw(endpoint, { user, channelId, type: 2, data });
  await cloud.settle();
  return answerOf(cloud, id);
}

/** The answer that an interaction's user currently sees. */
export function answerOf(cloud: TestCloud, interactionId: string): GoLiveAnswer {
  const original = cloud.discord.interaction(interactionId)?.original;
  const report = original?.embeds[0]?.description ?? "";
  return { interactionId, answer: original?.content ?? "", report };
}

/** Posts the same interaction again with a new signature, and lets everything settle. */
export async function repeatGoLive(
  cloud: TestCloud,
  interactionId: string,
  options: Readonly<Record<string, string>>,
): Promise<number> {
  const { userId = "", token = "" } = cloud.discord.interaction(interactionId) ?? {};
  const body = interactionBody(userId, textOptions(options), { id: interactionId, token });
  const endpoint = cloud.url("discord-interactions");
  const { status } = await cloud.discord.client.post(endpoint, { body: JSON.stringify(body) });
  await cloud.settle();
  return status;
}

function textOptions(options: Readonly<Record<string, string>>): Option[] {
  return Object.entries(options).map(([name, value]) => ({ name, type: 3, value }));
}

function liveData(options: readonly Option[]) {
  return { id: "1", name: "c500", type: 1, options: [{ name: "live", type: 1, options }] };
}
