import express, { type Response, type Router } from "express";
import type { Broadcasts } from "../broadcasts.ts";
import { Query } from "../helix/query.ts";
import { TwitchError } from "../twitch-error.ts";
import type { EventSub } from "./event-sub.ts";
import {
  MAX_COST_OF_USER,
  type SocketSubscriptions,
  socketSubscriptionJson,
} from "./socket-subscriptions.ts";
import { type Subscription, subscriptionJson } from "./subscription.ts";
import { parseSubscriptionRequest } from "./subscription-request.ts";
import type { Subscriptions } from "./subscriptions.ts";

const PAGE_SIZE = 100;

/**
 * The EventSub subscription endpoints (create, delete, get):
 * https://dev.twitch.tv/docs/api/reference/#create-eventsub-subscription
 */
export function eventSubRouter(
  eventSub: EventSub,
  subscriptions: Subscriptions,
  sockets: SocketSubscriptions,
  broadcasts: Broadcasts,
): Router {
  const router = express.Router();
  router.use(express.json({ strict: false }));

  const totals = (counted: readonly Subscription[]) => ({
    total: counted.length,
    total_cost: subscriptions.cost.total,
    max_total_cost: subscriptions.cost.max,
  });

  const totalsOf = (userId: string) => ({
    total: sockets.of(userId).length,
    total_cost: sockets.costOf(userId),
    max_total_cost: MAX_COST_OF_USER,
  });

  router.post("/", (request, response) => {
    const userId = userOf(response);
    const wanted = parseSubscriptionRequest(request.body, userId);
    if (!broadcasts.userById(wanted.broadcasterId)) {
      throw new TwitchError(400, "condition.broadcaster_user_id is not the id of a user");
    }
    if ("sessionId" in wanted) {
      const subscription = sockets.subscribe(wanted, userId ?? "");
      const data = [socketSubscriptionJson(subscription)];
      response.status(202).json({ data, ...totalsOf(subscription.userId) });
      return;
    }
    const subscription = eventSub.subscribe(wanted);
    response
      .status(202)
      .json({ data: [subscriptionJson(subscription)], ...totals(subscriptions.all()) });
  });

  router.get("/", (request, response) => {
    const query = new Query(request);
    const owner = userOf(response);
    if (owner !== undefined) {
      const page = query.page(sockets.of(owner).map(socketSubscriptionJson), PAGE_SIZE);
      response.json({ ...totalsOf(owner), ...page });
      return;
    }
    const filters = ["status", "type", "user_id"].filter((name) => query.has(name));
    if (filters.length > 1) throw new TwitchError(400, "Filter by one of status, type, user_id.");
    const status = query.one("status");
    const type = query.one("type");
    const userId = query.one("user_id");
    const found = subscriptions
      .all()
      .filter((subscription) => status === undefined || subscription.status === status)
      .filter((subscription) => type === undefined || subscription.type === type)
      .filter((subscription) => userId === undefined || subscription.broadcasterId === userId);
    const { data, pagination } = query.page(found, PAGE_SIZE);
    response.json({ ...totals(found), data: data.map(subscriptionJson), pagination });
  });

  router.delete("/", (request, response) => {
    const id = new Query(request).one("id");
    if (!id) throw new TwitchError(400, 'The parameter "id" is missing.');
    const owner = userOf(response);
    const isGone = owner === undefined ? subscriptions.remove(id) : sockets.remove(id, owner);
    if (!isGone) throw new TwitchError(404, "subscription not found");
    response.status(204).end();
  });

  return router;
}

/** The user of the token; undefined for an app token. */
function userOf(response: Response): string | undefined {
  return response.locals["userId"];
}
