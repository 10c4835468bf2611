import { snowflake, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import { defineButton } from "../../../shared/discord/definitions/define-command.ts";

/** "Claim it", for the winner or for a runner-up who has accepted the offer. */
export const claimButton = defineButton({
  name: "auction-claim",
  parts: { auctionId: snowflake },
  who: "owner",
  answeredBy: "auction-control",
});

/** "Buy it", under the offer to a runner-up at their own bid. The claim's round identifies the offer. */
export const acceptButton = defineButton({
  name: "auction-accept",
  parts: { auctionId: snowflake, round: wholeNumber(9) },
  separator: "-",
  who: "owner",
  answeredBy: "auction-control",
});
