import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, oneLine, plain } from "../../../shared/discord/theme.ts";
import { MAX_TRACKING_LENGTH, MIN_TRACKING_LENGTH } from "../domain/carriers.ts";
import { type LineError, MAX_LINES } from "../domain/sent-lines.ts";
import type { ShippedLine } from "../service/ship-lines.ts";
import { holdReasonTexts } from "./hold-reasons.ts";
import { isPickup } from "./parcels.ts";

const lineErrorTexts: Readonly<Record<LineError, string>> = {
  "no-order": "It does not begin with an order's id.",
  "no-number": "The tracking number is missing.",
  "bad-number": `A tracking number has ${MIN_TRACKING_LENGTH} to ${MAX_TRACKING_LENGTH} letters and digits.`,
  "unknown-carrier": "We don't know that carrier; write another, such as UPS, or “other”.",
  "ambiguous-carrier": "Several carriers use such numbers: write the carrier behind it.",
  repeated: "This order is in a line above.",
  "other-number": "It ships together with an order in a line above, which has another number.",
  "too-many": `Only ${MAX_LINES} lines are read at once.`,
};

/** What became of a line that was pasted, in a sentence or two. */
export function shippedLineText(line: ShippedLine): string {
  if ("error" in line) return lineErrorTexts[line.error];
  const { result } = line;
  switch (result?.outcome) {
    case "sent":
      return `${isPickup(result) ? "Ready for pickup" : "On its way"}. I'm letting the buyer know.`;
    case "corrected":
      return "It has a new tracking number. I'm letting the buyer know.";
    case "held":
      return result.reasons.map((reason) => holdReasonTexts[reason]).join(" ");
    case "superseded":
      return "It is being sent again: when that parcel is on its way, paste its new number.";
    case "bad-tracking":
      return lineErrorTexts["bad-number"];
    case "unknown-carrier":
      return lineErrorTexts["unknown-carrier"];
    default:
      return "You have no such order to send.";
  }
}

/** A line with its outcome has at most this many characters, so that all fit into one embed of 4096. */
const MAX_LINE = 190;
const MAX_PASTED = 60;

/** The answer to a builder who pasted lines. */
export function shippedLinesAnswer(lines: readonly ShippedLine[]): OutgoingMessage {
  const read = lines.slice(0, MAX_LINES);
  const more = lines.length - read.length;
  const left = more > 0 ? [`${more} more: ${lineErrorTexts["too-many"]}`] : [];
  const count = read.filter(isSent).length;
  const content =
    count === 0
      ? "No parcel was marked as sent."
      : `${count} of ${lines.length} ${lines.length === 1 ? "parcel" : "parcels"} ${count === 1 ? "is" : "are"} marked as sent.`;
  if (lines.length === 0) return { content };
  const description = [...read.map(lineOf), ...left].join("\n");
  return { content, embeds: [{ color: colours.mint, description }] };
}

function isSent({ result }: ShippedLine): boolean {
  return result?.outcome === "sent" || result?.outcome === "corrected";
}

function lineOf(line: ShippedLine): string {
  const name = "orderId" in line ? `\`${line.orderId}\`` : plain(line.text, MAX_PASTED);
  return oneLine(`${isSent(line) ? "✅" : "⚠️"} ${name}: ${shippedLineText(line)}`, MAX_LINE);
}
