import { snowflake } from "../../../shared/discord/definitions/custom-id.ts";
import { defineButton } from "../../../shared/discord/definitions/define-command.ts";

/** Forget me, under what that means: only theirs to press. */
export const forgetButton = defineButton({
  name: "forget-me",
  parts: { userId: snowflake },
  who: "owner",
  answeredBy: "shop",
});
