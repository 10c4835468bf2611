/** The Redis keys of an auction. */
export function auctionKeys(auctionId: string) {
  return {
    auction: `auction:${auctionId}`,
    bids: `auction-bids:${auctionId}`,
  };
}

/** The key that holds the id of the auction that runs in a channel. */
export function channelKey(channelId: string): string {
  return `auction-channel:${channelId}`;
}

/** The field of an auction that exists while a bidder wants to be notified when outbid. */
export function noticeField(bidderId: string): string {
  return `notify:${bidderId}`;
}

/** The field that holds a bidder's highest amount; state.ts defines what it consists of. */
export function commitmentField(bidderId: string): string {
  return `commitment:${bidderId}`;
}

/** The field that holds the answer to a bid; state.ts defines what it consists of. */
export function answerField(bidId: string): string {
  return `answer:${bidId}`;
}

/** The key that holds the time until which a user may not bid, in milliseconds; it expires at that time. */
export function barKey(userId: string): string {
  return `auction-barred:${userId}`;
}

/** The field that holds the end to which an operation has extended an auction, as in extend.lua. */
export function extensionField(operationId: string): string {
  return `extended:${operationId}`;
}

/** The field that holds whether an operation has removed a bidder's bids or found none, as in remove.lua. */
export function removalField(operationId: string): string {
  return `removed:${operationId}`;
}
