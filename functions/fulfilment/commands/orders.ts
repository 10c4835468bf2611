import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../shared/discord/definitions/options.ts";
import { mayFulfil } from "../../members/domain/standing.ts";
import {
  accessRefusalTexts,
  builderWords,
  standingRefusal,
} from "../../members/messages/access.ts";
import type { Deps } from "../deps.ts";
import { ordersAnswer } from "../messages/orders.ts";
import { type OverviewDeps, readOverview } from "../service/overview.ts";
import { teamDeskLink } from "../web/team-link.ts";
import { ALL, ordersMoreButton } from "./orders-more.ts";

type Use = Pick<CommandUse, "userId" | "isStaff">;
type OrdersDeps = OverviewDeps & {
  readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL" | "SESSION_KEY">;
};

/** `/c500 orders`. */
export const ordersCommand = defineCommand({
  words: "c500 orders",
  description: "What you have to build and ship, what you shipped, what is wrong, and your month",
  options: {
    builder: user("For the team: whose; all builders' if you sell nothing yourself", {}),
  },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Shows a builder's orders to them, and anyone's to staff. Reads only. */
export const showingOrders = /* @__PURE__ */ action(
  ordersCommand,
  async (use, { builder }, deps: OrdersDeps) => {
    const standing = await deps.builders.standing(use.userId);
    const isSeller = mayFulfil(standing);
    const isOwn = (builder ?? use.userId) === use.userId;
    if (!(isOwn && isSeller) && !use.isStaff) {
      const refusal = isOwn ? standingRefusal(standing, builderWords) : undefined;
      return { content: refusal ?? accessRefusalTexts.staff };
    }
    return show(use, builder ?? (isSeller ? use.userId : undefined), 0, deps);
  },
);

/** The next page of the same. Reads only. */
export const showingMoreOrders = /* @__PURE__ */ action(
  ordersMoreButton,
  async (use, { whose, page }, deps: OrdersDeps) => {
    if (whose !== use.userId && !use.isStaff) return { content: accessRefusalTexts.staff };
    return show(use, whose === ALL ? undefined : whose, page, deps);
  },
);

async function show(
  { userId, isStaff }: Use,
  builderId: string | undefined,
  page: number,
  deps: OrdersDeps,
): Promise<OutgoingMessage> {
  const isOwn = builderId === userId;
  const ownDeskUrl = isOwn ? `${deps.config.PUBLIC_SITE_URL}/desk` : undefined;
  const whose = isOwn ? undefined : builderId;
  const teamDeskUrl = isStaff
    ? teamDeskLink({ staffId: userId, builderId: whose }, deps)
    : undefined;
  const view = { builderId, isOwn, page, ownDeskUrl, teamDeskUrl };
  return ordersAnswer(await readOverview(builderId, deps), view);
}
