import {
  auctionBoardDue,
  auctionSettlementDue,
  hammerDue,
} from "../../../../../functions/auctions/events/auction-tasks.ts";
import { orderDisputed } from "../../../../../functions/fulfilment/events/order-disputed.ts";
import { announcementRequested } from "../../../../../functions/going-live/events/announcement-requested.ts";
import { orderVerificationRequested } from "../../../../../functions/going-live/events/order-verification-requested.ts";
import { twitchEventReceived } from "../../../../../functions/going-live/events/twitch-event.ts";
import { vodLinkDue } from "../../../../../functions/going-live/events/vod-link-due.ts";
import { forgetPersonDue } from "../../../../../functions/privacy/events/forget-person-due.ts";
import {
  raceBoardDue,
  raceNoticeDue,
  windowCloseDue,
} from "../../../../../functions/races/events/race-tasks.ts";
import { saleMade, saleRefunded } from "../../../../../functions/races/events/sale.ts";
import { dropBackDue } from "../../../../../functions/shop/events/drop-back-due.ts";
import { dropBoardDue } from "../../../../../functions/shop/events/drop-board-due.ts";
import { dropOpeningDue } from "../../../../../functions/shop/events/drop-opening-due.ts";
import { heldPaymentDue } from "../../../../../functions/shop/events/held-payment-due.ts";
import { orderReleaseRequested } from "../../../../../functions/shop/events/order-release-requested.ts";
import { reservationEndDue } from "../../../../../functions/shop/events/reservation-end-due.ts";
import { discordCommandReceived } from "../../../../../shared/events/discord-command.ts";
import { messageDeadLettered } from "../../../../../shared/events/message-dead-lettered.ts";
import { noticeDue } from "../../../../../shared/events/notice-due.ts";
import { stripeEventReceived } from "../../../../../shared/events/stripe-event.ts";
import { fromWire } from "../../../../../shared/events/wire.ts";

const EVENTS = [
  announcementRequested,
  discordCommandReceived,
  messageDeadLettered,
  noticeDue,
  orderDisputed,
  orderReleaseRequested,
  orderVerificationRequested,
  saleMade,
  saleRefunded,
  stripeEventReceived,
  twitchEventReceived,
];
const TASKS = [
  auctionBoardDue,
  auctionSettlementDue,
  dropBackDue,
  dropBoardDue,
  dropOpeningDue,
  forgetPersonDue,
  hammerDue,
  heldPaymentDue,
  raceBoardDue,
  raceNoticeDue,
  reservationEndDue,
  vodLinkDue,
  windowCloseDue,
];

/**
 * Why a body is not what a topic or queue carries; undefined if it is, or if its schema is not
 * known here.
 */
export function whyMalformed(topicOrQueue: string, body: string): string | undefined {
  const json = parse(body);
  if (json === undefined) return "That is not JSON.";
  const shapes = [
    ...EVENTS.filter(({ topic }) => topic === topicOrQueue),
    ...TASKS.filter(({ queue }) => queue === topicOrQueue),
  ];
  const readings = shapes.map((shape) => fromWire<{ readonly id: string }>(shape, json));
  if (readings.length === 0 || readings.some(({ ok }) => ok)) return undefined;
  const fields = readings.flatMap((reading) =>
    !reading.ok && reading.why === "malformed" ? reading.fields : [],
  );
  return fields.length > 0
    ? `It does not fit the schema of ${topicOrQueue}. Check ${[...new Set(fields)].join(", ")}.`
    : `Its version is later than this code's.`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
