import { commands, groups } from "../functions/ingress/commands.ts";
import { community } from "../local/cloud/community.ts";
import { registrationBody } from "../shared/discord/definitions/registration.ts";
import type { Stage } from "./stage.ts";

/** A command's option values. */
export type Options = Readonly<Record<string, string | number | boolean>>;

/** Adds a member to the server. */
export function addPerson({ discord }: Stage, number: number, username: string): string {
  const id = `3000000000000${String(number).padStart(5, "0")}`;
  discord.addUser({ id, username });
  return id;
}

/** Makes Discord restrict people to the commands' options, as its clients do. */
export async function registerCommands({ cloud }: Stage): Promise<void> {
  const { DISCORD_API_BASE_URL, DISCORD_BOT_TOKEN } = cloud.settings;
  const path = `applications/${community.applicationId}/guilds/${community.guildId}/commands`;
  const answer = await cloud.fetch(`${DISCORD_API_BASE_URL}/v10/${path}`, {
    method: "PUT",
    headers: { authorization: `Bot ${DISCORD_BOT_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(registrationBody(commands, groups)),
  });
  if (!answer.ok) throw new Error(`The commands were refused: ${await answer.text()}`);
}

/** A command that somebody has typed. */
interface TypedCommand {
  readonly user: string;
  readonly name: string;
  readonly options: Options;
  readonly atMs: number;
}

/** All commands that were typed so far in #general. */
export function typedCommands({ memory }: Stage): TypedCommand[] {
  const typed = (memory.get("typed commands") ?? []) as TypedCommand[];
  memory.set("typed commands", typed);
  return typed;
}

/** Runs a command in #general. Resolves when the application has answered or failed to. */
export function useCommand(stage: Stage, user: string, name: string, options: Options = {}) {
  typedCommands(stage).push({ user, name, options, atMs: stage.cloud.clock.nowMs() });
  const use = { user, channelId: community.generalChannelId, name, options };
  return stage.discord.client.command(stage.endpoint, use);
}

/** Presses a button of a message in a channel. */
export function press(
  stage: Stage,
  user: string,
  customId: string,
  { channelId, message }: { readonly channelId: string; readonly message: string },
) {
  return stage.discord.client.component(stage.endpoint, { user, channelId, message, customId });
}

/** The buttons of the final answer to an interaction. */
function buttonsOf({ discord }: Stage, interactionId: string) {
  const seen = discord.interaction(interactionId);
  const rows = (seen?.original?.components ?? []) as readonly {
    readonly components: readonly { readonly label: string; readonly url?: string }[];
  }[];
  return rows.flatMap(({ components }) => components);
}

/** Registers a builder with their own Twitch channel and Stripe account. They are live. */
export async function addBuilder(stage: Stage, number: number, login: string): Promise<string> {
  const { twitch, stripe, cloud, settle } = stage;
  const id = addPerson(stage, number, login);
  twitch.addUser({ id: `9${String(number).padStart(5, "0")}`, login });
  twitch.goLive(login, { title: "At the bench" });
  const asked = await useCommand(stage, id, "c500 register");
  await settle();
  const link = buttonsOf(stage, asked.id).find(({ label }) => label === "Sign in at Twitch")?.url;
  const page = await (await cloud.fetch(twitch.signIn(link ?? "", login))).text();
  const code = /register code:([\w-]+)/.exec(page)?.[1] ?? "";
  await useCommand(stage, id, "c500 register", { code });
  await settle();
  await useCommand(stage, id, "c500 payouts", { country: "US" });
  await settle();
  const builder = await stage.database.collection("builders").doc(id).get();
  stripe.completeOnboarding(String(builder.get("stripe_account_id")));
  await settle();
  return id;
}

/** A builder ships everything to everywhere for nothing, so that no buyer is asked for their country. */
export async function shipForNothing(stage: Stage, builder: string): Promise<void> {
  await useCommand(stage, builder, "c500 shipping", { from: "US", home: "0", world: "0" });
  await stage.settle();
}

/** What a builder says of a drop; with `opens` it is a draft until then. */
interface DropFields {
  readonly payment: string;
  readonly limit?: number;
  readonly opens?: string;
  readonly [field: string]: unknown;
}

/** Opens a drop with the form, and waits for it. Returns its id. */
export async function openDrop(stage: Stage, builder: string, fields: DropFields): Promise<string> {
  const dropId = await sendDropForm(stage, builder, fields);
  await stage.settle();
  return dropId;
}

/** Sends the form of a drop. Returns its id. */
export async function sendDropForm(
  stage: Stage,
  builder: string,
  { payment, limit, opens, ...typed }: DropFields,
): Promise<string> {
  const options = {
    payment,
    ...(limit !== undefined && { limit }),
    ...(opens !== undefined && { opens }),
  };
  const asked = await useCommand(stage, builder, "c500 drop", options);
  const values = {
    title: "Brass weight",
    price: "12.50",
    quantity: "3",
    description: "",
    ...typed,
  };
  const sent = await stage.discord.client.modalSubmit(stage.endpoint, {
    of: asked.id,
    values: values as Record<string, string>,
  });
  return sent.id;
}

/** The bot's DMs to a user, oldest first. */
export function messagesTo({ discord }: Stage, user: string): string[] {
  return discord.dms(user).map(({ content, embeds }) => `${content} ${JSON.stringify(embeds)}`);
}
