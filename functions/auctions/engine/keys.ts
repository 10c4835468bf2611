/** Where an auction is in Redis. */
export function auctionKeys(auctionId: string) {
  return {
    auction: `auction:${auctionId}`,
    bids: `auction-bids:${auctionId}`,
    bidders: `auction-bidders:${auctionId}`,
  };
}

/** The auction that runs in a channel. */
export function channelKey(channelId: string): string {
  return `auction-channel:${channelId}`;
}

/** The field of an auction that is there when someone wants to be notified when outbid. */
export function noticeField(bidderId: string): string {
  return `notify:${bidderId}`;
}

/** Until when someone may not bid, in milliseconds; then the key expires. */
export function barKey(userId: string): string {
  return `auction-barred:${userId}`;
}

/** The field that holds the end which an operation has given an auction, as in extend.lua. */
export function extensionField(operationId: string): string {
  return `extended:${operationId}`;
}

/** The field that is there once an operation has taken someone's bids out, as in remove.lua. */
export function removalField(operationId: string): string {
  return `removed:${operationId}`;
}
