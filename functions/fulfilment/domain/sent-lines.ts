import { readId } from "../../../shared/documents/outside-id.ts";
import { readCarrier, readTracking, recognizeCarrier } from "./carriers.ts";

/** As many lines as one answer has time for. */
export const MAX_LINES = 20;

/** What is wrong with a line. */
export type LineError =
  | "no-order"
  | "no-number"
  | "bad-number"
  | "unknown-carrier"
  | "ambiguous-carrier"
  | "repeated"
  | "other-number"
  | "too-many";

/** A line of what was pasted: a parcel that was sent, or what is wrong with it. */
export type SentLine = { readonly text: string } & (
  | { readonly orderId: string; readonly tracking: string; readonly carrier: string }
  | { readonly error: LineError }
);

/** Reads lines such as "1234 1Z999AA10123456784" or "1234, 123456789012, FedEx"; empty lines are ignored. */
export function readSentLines(pasted: string): readonly SentLine[] {
  const lines = pasted.split(/\r\n?|\n/).flatMap((line) => line.trim() || []);
  const seen = new Set<string>();
  return lines.map((text, index) => {
    if (index >= MAX_LINES) return { text, error: "too-many" };
    const line = readLine(text);
    if ("error" in line) return line;
    if (seen.has(line.orderId)) return { text, error: "repeated" };
    seen.add(line.orderId);
    return line;
  });
}

function readLine(text: string): SentLine {
  const [order, number, ...rest] = text.split(/[\s,;]+/);
  const orderId = readId(order);
  if (orderId === undefined) return { text, error: "no-order" };
  if (!number) return { text, error: "no-number" };
  const tracking = readTracking(number);
  if (tracking === undefined) return { text, error: "bad-number" };
  const typed = rest.join(" ");
  const carrier = typed === "" ? recognizeCarrier(tracking) : readCarrier(typed);
  if (carrier === undefined) {
    return { text, error: typed === "" ? "ambiguous-carrier" : "unknown-carrier" };
  }
  return { text, orderId, tracking, carrier };
}
