import * as z from "zod/mini";
import { list, secrets } from "../../../../shared/runtime/settings.ts";
import { isToken } from "../authentic.ts";
import { defineProvider, UNREPORTED_REMEDY } from "../provider.ts";
import { parseExactly } from "../reading.ts";
import { readPayment } from "./read.ts";

/** The kinds of payments that Ko-fi names in its webhooks. */
const types = z.pipe(
  list,
  z.array(z.enum(["Commission", "Donation", "Shop Order", "Subscription"])),
);
const tokenSchema = z.object({ verification_token: z.string() });
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A page on Ko-fi. */
export const kofi = defineProvider({
  name: "kofi",
  title: "Ko-fi",

  settings: {
    KOFI_VERIFICATION_TOKEN: {
      schema: z.optional(secrets),
      secret: true,
      description:
        "The token on Ko-fi's webhook page, or several separated by commas. Without it Ko-fi's webhooks are refused.",
    },
    KOFI_SALE_TYPES: {
      schema: types,
      default: "Shop Order, Commission",
      form: "Commission, Donation, Shop Order or Subscription, several separated by commas",
      description:
        "The kinds of Ko-fi payments that count as sales. Tips, which Ko-fi calls donations, count only if they are named.",
    },
  },

  questions: [
    {
      name: "KOFI_VERIFICATION_TOKEN",
      what: "Ko-fi verification token",
      where: "https://ko-fi.com/manage/webhooks, Advanced",
      without: "Sales on Ko-fi are refused.",
    },
  ],

  unsigned: {
    headers: FORM,
    body: String(new URLSearchParams({ data: '{"verification_token":""}' })),
  },

  byHand: (url) => [
    {
      what: "Ko-fi's webhook has to be set on its page",
      remedy: `https://ko-fi.com/manage/webhooks: set the URL to ${url}`,
    },
    {
      what: "Ko-fi reports neither refunds nor disputes",
      remedy: UNREPORTED_REMEDY,
    },
  ],

  docs: {
    webhooks: "The webhook's address, at https://ko-fi.com/manage/webhooks.",
    proof: "its token, compared in constant time; Ko-fi signs nothing",
    namesRace: "`race WORD` or `lobby:ID` in the message",
    counts:
      'The whole payment, because Ko-fi reports one amount for everything. Tips ("donations") and memberships count only if `KOFI_SALE_TYPES` names them.',
    refunds: "Not reported: operators book them.",
    gaps: "Disputes are not reported. A failed delivery is repeated a few times.",
    rotation:
      "Create the new one on Ko-fi's page, which ends the old one, then at once `KOFI_VERIFICATION_TOKEN=NEW,OLD`; setup; apply. A day later set the new one alone; setup; apply. Compare the day's sales with Ko-fi's list: nothing is lost if Ko-fi retries after the apply.",
  },

  /** Ko-fi posts a form whose one field is JSON, with the token in it. */
  receive({ body, receivedAt }, settings) {
    const form = new URLSearchParams(body.toString("utf8"));
    const content = parseExactly(form.get("data") ?? "");
    if (content === undefined) return "not-json";
    const given = tokenSchema.safeParse(content).data?.verification_token;
    const known = settings.KOFI_VERIFICATION_TOKEN ?? [];
    if (given === undefined || !known.some((token) => isToken(given, token))) return "not-theirs";
    return [readPayment({ content, body, receivedAt, saleTypes: settings.KOFI_SALE_TYPES })];
  },
});
