import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../shared/discord/definitions/define-command.ts";
import { readId, readSnowflake } from "../../../shared/documents/outside-id.ts";
import { controlTexts } from "../../auctions/messages/controls.ts";
import { readChange, type TermsOptions } from "../../shipping/commands/read-change.ts";
import { shippingCommand } from "../../shipping/commands/shipping.ts";
import {
  changeTerms,
  type TermsChange,
  type TermsProblem,
} from "../../shipping/domain/change-terms.ts";
import type { ShippingTerms } from "../../shipping/domain/terms.ts";
import {
  auctionBegunText,
  dropOrAuctionText,
  noSoldTermsText,
  noTermsText,
  ownTermsTexts,
  refusedText,
  soldTermsText,
  supersededText,
  termsAnswer,
  termsProblemTexts,
} from "../../shipping/messages/terms.ts";
import type { TermsResult } from "../../shipping/store/shipping-terms.ts";
import { type ChangeDropTermsDeps, changeDropTerms } from "../../shop/drops/change-drop-terms.ts";
import { dropRefusalTexts } from "../../shop/messages/drop-refusals.ts";
import type { Deps } from "../deps.ts";

type TermsDeps = ChangeDropTermsDeps & Pick<Deps, "auctions" | "config">;
type Values = ValuesOf<typeof shippingCommand>;

/** Whose terms are shown or changed: a builder's, a drop's or an auction's. */
interface Target {
  readonly currency: string;
  /** What they are now. */
  readonly terms: ShippingTerms | undefined;
  readonly change: (
    change: TermsChange,
  ) => Promise<TermsResult<TermsProblem> | { readonly outcome: "not-found" | "begun" }>;
  readonly texts: Readonly<Record<"changed" | "shown" | "none", string>>;
}

/**
 * Shows a builder's terms, or those of one drop or auction, or changes the parts that are given. Idempotency: each
 * knows the command that changed it, which changes nothing again; each option sets a value and adds nothing. Crash
 * safety: there is one write, and the sweeper brings a drop's post up to date. Late: a command that is older than the
 * last change of a builder's or an auction's terms changes nothing, and its user is notified.
 */
export const settingTerms = /* @__PURE__ */ action(shippingCommand, { run: setTerms, isBegun });

async function isBegun(
  { id, userId }: CommandUse,
  { drop, auction }: Values,
  { auctions, buildersTerms, drops }: Pick<Deps, "auctions" | "buildersTerms" | "drops">,
): Promise<boolean> {
  if (drop !== undefined) {
    const dropId = readId(drop);
    return dropId !== undefined && drops.hasApplied(dropId, id);
  }
  if (auction === undefined) return buildersTerms.isChangedBy(userId, id);
  const auctionId = readSnowflake(auction);
  return auctionId !== undefined && (await auctions.get(auctionId))?.shippingChangeId === id;
}

async function setTerms(
  use: CommandUse,
  { drop, auction, ...options }: Values,
  deps: TermsDeps,
): Promise<OutgoingMessage> {
  if (drop !== undefined && auction !== undefined) return { content: dropOrAuctionText };
  if (drop !== undefined) {
    const target = await ofDrop(use, drop, deps);
    return target ? showOrChange(target, options) : { content: dropRefusalTexts["not-found"] };
  }
  if (auction !== undefined) {
    const target = await ofAuction(use, auction, deps);
    return target ? showOrChange(target, options) : { content: controlTexts.notYours };
  }
  return showOrChange(await ofBuilder(use, deps), options);
}

async function showOrChange(target: Target, options: TermsOptions): Promise<OutgoingMessage> {
  const { currency, terms, texts } = target;
  if (Object.values(options).every((value) => value === undefined)) {
    return terms ? termsAnswer(terms, texts.shown) : { content: texts.none };
  }
  const { change, problems } = readChange(options, currency);
  if (problems.length > 0) return { content: refusedText(problems) };
  const result = await target.change(change);
  switch (result.outcome) {
    case "changed":
      return termsAnswer(result.terms, texts.changed);
    case "superseded":
      return { content: supersededText };
    case "refused":
      return { content: refusedText([termsProblemTexts[result.problem]]) };
    case "begun":
      return { content: auctionBegunText };
    case "not-found":
      return { content: dropRefusalTexts["not-found"] };
  }
}

async function ofBuilder(
  { id: changeId, userId: builderId }: CommandUse,
  { buildersTerms, config }: TermsDeps,
): Promise<Target> {
  const currency = config.SHOP_CURRENCY;
  return {
    currency,
    terms: await buildersTerms.get(builderId),
    change: (change) =>
      buildersTerms.change({ builderId, changeId }, (before) =>
        changeTerms(before, change, currency),
      ),
    texts: { ...ownTermsTexts, none: noTermsText },
  };
}

/** A builder's own drop. */
async function ofDrop(
  { id: changeId, userId: builderId }: CommandUse,
  named: string,
  deps: TermsDeps,
): Promise<Target | undefined> {
  const dropId = readId(named);
  const drop = dropId === undefined ? undefined : await deps.drops.get(dropId);
  if (drop?.builderId !== builderId) return undefined;
  const { currency, title } = drop;
  return {
    currency,
    terms: drop.shipping,
    change: (change) => changeDropTerms({ drop, builderId, changeId, change }, deps),
    texts: textsOf(title),
  };
}

/** A builder's own auction; nobody else sets where they ship. */
async function ofAuction(
  { id: changeId, userId }: CommandUse,
  named: string,
  { auctions }: TermsDeps,
): Promise<Target | undefined> {
  const auctionId = readSnowflake(named);
  const auction = auctionId === undefined ? undefined : await auctions.get(auctionId);
  if (auction?.builderId !== userId) return undefined;
  return {
    currency: auction.currency,
    terms: auction.shipping,
    change: (change) =>
      auctions.changeTerms(
        auction.id,
        (before) => changeTerms(before, change, auction.currency),
        changeId,
      ),
    texts: textsOf(auction.title),
  };
}

function textsOf(title: string): Target["texts"] {
  return {
    changed: soldTermsText(title, true),
    shown: soldTermsText(title, false),
    none: noSoldTermsText,
  };
}
