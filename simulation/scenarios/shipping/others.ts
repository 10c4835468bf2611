import { community } from "../../../local/cloud/community.ts";
import { addBuilder, addPerson } from "../../people.ts";
import type { Stage } from "../../stage.ts";

const MANAGE_SERVER = "32";
const CHANNELS = 2;
const PLACE = "others";

/** Who else is around the shop, and what the people there typed and pressed. */
export interface Others {
  readonly staff: string;
  /** Someone who neither buys nor sells. */
  readonly stranger: string;
  /** Another builder, who sells nothing. */
  readonly rival: string;
  /** Where auctions run. */
  readonly channels: readonly string[];
}

/** Adds them, and the channels. */
export async function addOthers(stage: Stage): Promise<void> {
  const { discord, memory } = stage;
  const staff = "300000000000000030";
  discord.addUser({ id: staff, username: "staff", permissions: MANAGE_SERVER });
  const channels = Array.from({ length: CHANNELS }, (_, index) => {
    const id = `60000000000000000${index}`;
    discord.addChannel({ id, guildId: community.guildId, name: `stage-${index}` });
    return id;
  });
  const rival = await addBuilder(stage, 2, "builder_two");
  const stranger = addPerson(stage, 50, "stranger");
  const others: Others = { staff, stranger, rival, channels };
  memory.set(PLACE, others);
}

/** The others that the scenario prepared. */
export function othersOf({ memory }: Stage): Others {
  return memory.get(PLACE) as Others;
}
