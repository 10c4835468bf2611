import { snowflake, wholeNumber } from "../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineForm,
  shown,
} from "../../../shared/discord/definitions/define-command.ts";
import { aboutStanding, reasonFields } from "../../members/commands/deciding.ts";

const lobby = { parts: { lobbyId: snowflake }, answeredBy: "race-control" } as const;

/** Join, under a lobby. */
export const joinButton = defineButton({
  name: "race-join",
  ...lobby,
  who: "everyone",
  limit: "seats",
});

/** Leave, beside Join. */
export const leaveButton = defineButton({
  name: "race-leave",
  ...lobby,
  who: "everyone",
  limit: "seats",
});

/** Start, for the host. */
export const startButton = defineButton({ name: "race-start", ...lobby, who: "owner" });

/** Finish, for the host. */
export const finishButton = defineButton({ name: "race-finish", ...lobby, who: "owner" });

/** Race again, under a race that is over. */
export const againButton = defineButton({
  name: "race-again",
  ...lobby,
  who: "owner",
  postsHere: true,
  limit: "lobbies",
});

/** Go on for an hour, counted from when the window was to close. */
export const goOnButton = defineButton({
  name: "race-go-on",
  parts: { lobbyId: snowflake, closesAtMs: wholeNumber() },
  separator: "-",
  who: "owner",
  answeredBy: "race-control",
});

/** Ask to host, for those whom the team does not know yet. */
export const askToHostButton = defineButton({
  name: "host-ask",
  parts: {},
  who: "everyone",
  answeredBy: "race-control",
});

/** Approve, under the operators' notice of someone who asks to host. */
export const approveHostButton = defineButton({
  name: "host-approve",
  ...aboutStanding,
  who: "staff",
  answeredBy: "race-control",
});

/** The form in which staff say why they decline someone who asks to host. */
export const declineHostForm = defineForm({
  name: "host-decline-form",
  ...aboutStanding,
  fields: reasonFields,
  title: () => "Decline a host",
  who: "staff",
  answeredBy: "race-control",
});

/** Decline, beside Approve: shows the form. */
export const declineHostButton = defineButton({
  name: "host-decline",
  ...aboutStanding,
  opens: (about) => shown(declineHostForm, about),
  who: "staff",
  answeredBy: "form",
});

/** Ask for a payout, under a wallet. */
export const requestPayoutButton = defineButton({
  name: "payout-request",
  parts: {},
  who: "everyone",
  answeredBy: "wallet",
});
