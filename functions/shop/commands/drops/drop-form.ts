import { snowflake } from "../../../../shared/discord/definitions/custom-id.ts";
import {
  defineButton,
  defineCommand,
  defineForm,
  shown,
} from "../../../../shared/discord/definitions/define-command.ts";
import { choice, flag, integer, text } from "../../../../shared/discord/definitions/options.ts";
import { pictureField, textField } from "../../../../shared/discord/modal.ts";
import {
  DEFAULT_LIMIT_PER_BUYER,
  MAX_DESCRIPTION_LENGTH,
  MAX_LIMIT_PER_BUYER,
  MAX_PICTURES,
  MAX_TITLE_LENGTH,
  readDropForm,
} from "../../domain/drop.ts";
import { readOpeningTime } from "../../domain/opening-time.ts";

/** Which pictures may be uploaded. */
export const PICTURES_DESCRIPTION = `Up to ${MAX_PICTURES}: PNG, JPEG, GIF or WebP, each up to 8 MB`;

/** How people may type when a drop opens. */
export const OPENS_DESCRIPTION = "Open by itself: in 2 hours, 2026-12-01 18:00Z or a Discord time";

/** Longer than any price or quantity: what is wrong with one is said in words. */
const MAX_TYPED = 300;

const plans = {
  split: "ready to ship: paid at once",
  held: "made to order: held until you build it live",
} as const;
const openings = {
  now: "at once",
  draft: "when its builder opens it",
  later: "by itself at a time",
} as const;
const limit = { min: 1, max: MAX_LIMIT_PER_BUYER } as const;

/** The button that shows the form again as it was filled in. */
export const dropFormAgain = defineButton({
  name: "drop-form-again",
  parts: { draftId: snowflake },
  who: "owner",
  answeredBy: "draft",
});

/** The form of a new drop. What is decided before it opens travels in its id. */
export const dropForm = defineForm({
  name: "drop-form",
  parts: {
    plan: { kind: "choice", choices: plans, required: true },
    limitPerBuyer: { kind: "integer", ...limit, required: true },
    /** Forms of earlier versions say nothing of it, and open at once. */
    opening: { kind: "choice", choices: openings },
    /** Of a drop that opens by itself, in seconds since 1970; 0 of others. */
    opensAtSeconds: { kind: "integer", min: 0, max: Number.MAX_SAFE_INTEGER },
  },
  fields: {
    title: textField("Title", {
      required: true,
      maxLength: MAX_TITLE_LENGTH,
      placeholder: "Brass weight for the C500",
    }),
    price: textField("Price", { required: true, maxLength: MAX_TYPED, placeholder: "12.50" }),
    quantity: textField("Quantity", { required: true, maxLength: MAX_TYPED, placeholder: "3" }),
    description: textField("Description", {
      isLong: true,
      maxLength: MAX_DESCRIPTION_LENGTH,
      placeholder: "What it is, and what makes it special",
    }),
    image: pictureField("Pictures", PICTURES_DESCRIPTION, MAX_PICTURES),
  },
  title: ({ plan, opening = "now" }) =>
    `New ${opening === "now" ? "drop" : "draft"}, ${plan === "held" ? "made to order" : "ready to ship"}`,
  problems: (typed, shopCurrency) => {
    const { title = "", price = "", quantity = "", description = "" } = typed;
    const terms = readDropForm({ title, price, quantity, description }, shopCurrency);
    return "title" in terms ? [] : terms;
  },
  draft: { button: dropFormAgain, command: "c500 drop" },
  who: "builder",
  limit: "drops",
  answeredBy: "shop",
});

/** `/c500 drop`. Discord's forms have room for five fields, so how it is paid is asked before. */
export const dropCommand = defineCommand({
  words: "c500 drop",
  description: "Put something up for sale",
  options: {
    payment: choice("When the money becomes yours", { choices: plans, required: true }),
    limit: integer(`How many one buyer may have; ${DEFAULT_LIMIT_PER_BUYER} by default`, limit),
    draft: flag("Keep it as a draft that only you see, until you open it"),
    opens: text(OPENS_DESCRIPTION, { maxLength: 60 }),
  },
  opens: (options, now) => {
    const { payment: plan, limit: limitPerBuyer = DEFAULT_LIMIT_PER_BUYER } = options;
    const terms = { plan, limitPerBuyer };
    const opensAt = options.opens === undefined ? undefined : readOpeningTime(options.opens, now);
    if (typeof opensAt === "string") return opensAt;
    if (!opensAt) {
      const opening = options.draft ? "draft" : "now";
      return shown(dropForm, { ...terms, opening, opensAtSeconds: 0 });
    }
    const opensAtSeconds = Math.floor(opensAt.getTime() / 1000);
    return shown(dropForm, { ...terms, opening: "later", opensAtSeconds });
  },
  who: "builder",
  limit: "dropForms",
  answeredBy: "form",
});
