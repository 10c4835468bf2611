import type { OptionValues } from "../../local/discord/client/command-data.ts";
import { bidders } from "../support/auctions/auctions.ts";
import { community, startTestCloud, type TestCloud } from "../support/cloud.ts";
import { racers } from "../support/races/races.ts";
import { type Answer, shoppers, toAnswer } from "../support/shop/shop.ts";
import { everyDocument } from "../support/stored/documents.ts";

/** The roles that try something. The buyer owns the orders, the winner the won auction. */
export const roles = [
  "stranger",
  "unapproved",
  "suspended",
  "other-builder",
  "foreign-staff",
  "buyer",
  "winner",
  "builder",
  "host",
  "staff",
] as const;
export type Role = (typeof roles)[number];

const FOREIGN_GUILD = "700000000000000001";
const FOREIGN_CHANNEL = "700000000000000002";
const MANAGE_GUILD = "32";

/** People of every role, and one of each thing that commands are about. */
export interface MatrixWorld {
  readonly cloud: TestCloud;
  readonly people: Readonly<Record<Role, string>>;
  /** A person whom staff decide about, and who does nothing. */
  readonly bystander: string;
  readonly dropId: string;
  /** Paid by the buyer. */
  readonly orderId: string;
  /** Reserved by the buyer, not paid. */
  readonly reservationId: string;
  /** Running, with its channel. */
  readonly auctionId: string;
  readonly auctionChannelId: string;
  /** Ended; the winner has not paid. */
  readonly wonAuctionId: string;
  /** Ended without a bid. */
  readonly unsoldAuctionId: string;
  /** Open, with one racer. */
  readonly lobbyId: string;
  /** Its race is on. */
  readonly racingLobbyId: string;
  command(role: Role, name: string, options?: OptionValues, channelId?: string): Promise<Answer>;
  press(role: Role, customId: string, channelId?: string): Promise<Answer>;
  /** Chooses from a select, as if it had been shown. */
  choose(role: Role, customId: string, value: string): Promise<Answer>;
  /** Sends a form with these texts, as if it had been shown. */
  submit(role: Role, customId: string, texts: Readonly<Record<string, string>>): Promise<Answer>;
  /** Fills in the form that an answer showed. */
  fillIn(shown: Answer, texts: Readonly<Record<string, string>>): Promise<Answer>;
  /** The choices offered to someone who starts to type into an option. */
  offered(role: Role, name: string, option: string): Promise<readonly string[]>;
  /** What is stored, except records of what was answered or counted. */
  stored(): Promise<Readonly<Record<string, unknown>>>;
}

const HOUR_MS = 3_600_000;
/** Collections in which a refusal may leave a record of its answer. */
const UNCOUNTED = ["processed"];

/** Starts a cloud that contains everything the matrix needs. */
export async function createMatrixWorld(): Promise<MatrixWorld> {
  const cloud = await startTestCloud({ rateLimits: false });
  const shop = shoppers(cloud);
  const track = racers(cloud, shop);
  const stage = bidders(cloud, shop);
  cloud.discord.addGuild({ id: FOREIGN_GUILD, name: "Partner" });
  cloud.discord.addChannel({ id: FOREIGN_CHANNEL, guildId: FOREIGN_GUILD, name: "general" });
  for (const guildId of [community.guildId, FOREIGN_GUILD]) await track.registerCommands(guildId);
  const { id: builder } = await shop.builder();
  // It must not end while the matrix is tried, even if it is run again.
  const unsoldAuctionId = await stage.start(builder, stage.channel(community.guildId), {
    duration: "1h",
  });
  await cloud.clock.advance(HOUR_MS);
  await cloud.settle();
  const dropId = await shop.drop(builder, { quantity: "5", limit: 5 });
  const { orderId, buyer } = await shop.purchase(dropId);
  const { interactionId: reservationId } = await shop.buyNow(buyer, dropId);
  const won = await stage.hammered(builder, ["60"]);
  const auctionChannelId = stage.channel(community.guildId);
  const auctionId = await stage.start(builder, auctionChannelId, { duration: "3d" });
  const host = shop.person();
  await cloud.firestore.doc(`hosts/${host}`).set({ standing: "approved" });
  const lobby = await track.lobby({}, host);
  await track.join(lobby, shop.person());
  const racing = await track.racing(2);
  const people: Record<Role, string> = {
    stranger: shop.person(),
    unapproved: await builderWho(shop, cloud, "awaiting"),
    suspended: await builderWho(shop, cloud, "suspended"),
    "other-builder": (await shop.builder()).id,
    "foreign-staff": shop.person({ permissions: MANAGE_GUILD }),
    buyer,
    winner: won.who[0] ?? "",
    builder,
    host,
    staff: shop.person({ permissions: MANAGE_GUILD }),
  };
  return {
    cloud,
    people,
    dropId,
    orderId,
    reservationId,
    auctionId,
    auctionChannelId,
    wonAuctionId: won.id,
    unsoldAuctionId,
    bystander: shop.person(),
    lobbyId: lobby.id,
    racingLobbyId: racing.id,
    ...actions(cloud, people),
    stored: () => readStored(cloud),
  };
}

/** Someone with a channel and an account, but without staff approval to sell. */
async function builderWho(
  shop: ReturnType<typeof shoppers>,
  { firestore }: TestCloud,
  standing: "awaiting" | "suspended",
): Promise<string> {
  const { id } = await shop.builder();
  await firestore.doc(`builders/${id}`).update({ standing });
  return id;
}

function actions(cloud: TestCloud, people: Readonly<Record<Role, string>>) {
  const endpoint = cloud.url("discord-interactions");
  const placeOf = (role: Role, channelId: string = community.generalChannelId) => ({
    user: people[role],
    channelId: role === "foreign-staff" ? FOREIGN_CHANNEL : channelId,
  });
  const send = async (
    role: Role,
    sent: { readonly type: number; readonly data: object },
    channelId?: string,
  ): Promise<Answer> => {
    const { id } = await cloud.discord.client.raw(endpoint, {
      ...placeOf(role, channelId),
      ...sent,
    });
    await cloud.settle();
    return toAnswer(cloud.discord, id);
  };
  return {
    async command(role: Role, name: string, options: OptionValues = {}, channelId?: string) {
      const use = { ...placeOf(role, channelId), name, options };
      const { id } = await cloud.discord.client.command(endpoint, use);
      await cloud.settle();
      return toAnswer(cloud.discord, id);
    },
    async fillIn({ interactionId: of }: Answer, values: Readonly<Record<string, string>>) {
      const { id } = await cloud.discord.client.modalSubmit(endpoint, { of, values });
      await cloud.settle();
      return toAnswer(cloud.discord, id);
    },
    async offered(role: Role, name: string, option: string) {
      const use = { ...placeOf(role), name, options: { [option]: "" }, focused: option };
      const { response } = await cloud.discord.client.autocomplete(endpoint, use);
      if (response?.type !== 8) throw new Error(`Nothing came for ${option} of /${name}.`);
      return response.data.choices.map(({ value }) => String(value));
    },
    press: (role: Role, customId: string, channelId?: string) =>
      send(role, { type: 3, data: { custom_id: customId, component_type: 2 } }, channelId),
    choose: (role: Role, customId: string, value: string) =>
      send(role, { type: 3, data: { custom_id: customId, component_type: 3, values: [value] } }),
    submit: (role: Role, customId: string, texts: Readonly<Record<string, string>>) => {
      const components = Object.entries(texts).map(([name, value]) => ({
        type: 18,
        component: { type: 4, custom_id: name, value },
      }));
      return send(role, { type: 5, data: { custom_id: customId, components } });
    },
  };
}

/** What is stored, except records of what was answered or counted. */
export async function readStored({
  firestore,
}: Pick<TestCloud, "firestore">): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const document of await everyDocument(firestore)) {
    if (UNCOUNTED.includes(document.ref.parent.id)) continue;
    // Boards of what was set up before are still being updated.
    const { is_board_due: _, ...fields } = document.data();
    found[document.ref.path] = fields;
  }
  return found;
}
