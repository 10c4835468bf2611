import { createSignatureCheck } from "../../functions/ingress/interactions/signature.ts";
import { connectFirestore } from "../../shared/clients/firestore.ts";
import { interactionSchema } from "../../shared/discord/interaction.ts";
import { onlyForYou } from "../../shared/discord/sending/defer.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { type HttpHandler, header, parseJson, rawBody } from "../../shared/runtime/http.ts";

/**
 * The function that bids in Redis are compared with: the same signature check and parsing, then a
 * Firestore transaction on the auction's single document.
 */
export function createFirestoreBidding(config: {
  readonly DISCORD_PUBLIC_KEY: string;
  readonly GOOGLE_CLOUD_PROJECT: string;
}): HttpHandler {
  const isSigned = createSignatureCheck(config.DISCORD_PUBLIC_KEY);
  const database = connectFirestore(config);
  return async (request, response) => {
    const signature = header(request, "x-signature-ed25519");
    const timestamp = header(request, "x-signature-timestamp");
    const nowMs = systemClock.now().getTime();
    if (!(await isSigned(rawBody(request), signature, timestamp, nowMs))) {
      response.status(401).end();
      return;
    }
    const interaction = interactionSchema.parse(parseJson(rawBody(request)));
    if (interaction.type !== 3) {
      response.json({ type: 1 });
      return;
    }
    const [, auctionId = "", typed] = interaction.data.custom_id.split(":");
    const amount = Number(typed);
    const bidderId = interaction.member?.user.id ?? "";
    const firestore = await database();
    const auction = firestore.collection("auctions").doc(auctionId);
    let isLeading: boolean;
    try {
      isLeading = await firestore.runTransaction(async (transaction) => {
        const known = await transaction.get(auction);
        const { price = 0, bids = 0 } = known.data() ?? {};
        if (amount <= Number(price)) return false;
        transaction.set(auction, { price: amount, leader: bidderId, bids: Number(bids) + 1 });
        return true;
      });
    } catch {
      response.status(503).end();
      return;
    }
    response.json(onlyForYou(isLeading ? `You lead at **${amount}**.` : `${amount} is too low.`));
  };
}
