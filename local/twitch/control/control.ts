import express, { type Router } from "express";
import type { Broadcasts } from "../broadcasts.ts";
import type { EventLog } from "../event-log.ts";
import type { EventSub } from "../eventsub/event-sub.ts";
import { helixStream, helixUser, helixVideo } from "../helix/helix-json.ts";
import type { DeviceCodes } from "../oauth/device-codes.ts";
import type { Tokens } from "../oauth/tokens.ts";
import type { Actions } from "./actions.ts";
import { controlBodies, readControlBody } from "./control-request.ts";

/** What the control routes work on. */
export interface ControlContext {
  readonly actions: Actions;
  readonly broadcasts: Broadcasts;
  readonly deviceCodes: DeviceCodes;
  readonly eventSub: EventSub;
  readonly tokens: Tokens;
  readonly log: EventLog;
  readonly signIn: (pageUrl: string, login?: string) => string;
}

/**
 * Lets an external program act as people on Twitch and as Twitch itself. JSON in and out; created
 * objects are returned as Helix shows them; errors are `{"error","status","message"}`.
 * - `POST /users {"id","login","display_name"?}` adds or renames a user; ids are digits.
 * - `PATCH /channels/LOGIN {"title"?,"game_name"?,"language"?}` changes a channel.
 * - `POST /streams {"login","title"?,"game_name"?,"language"?,"thumbnail_url"?,"tags"?,
 *   "viewer_count"?,"type"?,"keeps_video"?}` starts a stream; `DELETE /streams/LOGIN` ends it.
 * - `POST /videos {"stream_id","title"?,"duration_ms"?,"view_count"?}` publishes a stream's video.
 * - `POST /devices/approve {"user_code","login"}` enters a device's code and approves it.
 * - `POST /sign-ins {"url","login"?}` opens the sign-in page at this URL and approves, or cancels
 *   if there is no login. Answers `{"location"}`, where the browser is redirected.
 * - `POST /tokens/invalidate` invalidates every token issued so far.
 * - `POST /eventsub/repeat {"message_id"}` sends a message again unchanged.
 * - `POST /eventsub/revoke {"subscription_id","reason"}` ends a subscription.
 * - `POST /eventsub/notify {"callback","secret","type","body","message_type"?,"version"?,
 *   "timestamp"?,"message_id"?,"signature"?}` sends a custom message; its body is text. Like
 *   `repeat` it answers `{"message_id","result"}` with the callback's status, or why there is none.
 * - `GET /events` lists the logged events, oldest first.
 */
export function controlRouter(context: ControlContext): Router {
  const { actions, broadcasts, deviceCodes, eventSub, tokens, log, signIn } = context;
  const router = express.Router();
  router.use(express.json());

  router.post("/users", ({ body }, response) => {
    const { display_name: displayName, ...user } = readControlBody(controlBodies.user, body);
    response.status(201).json(helixUser(actions.addUser({ ...user, displayName })));
  });

  router.patch("/channels/:login", ({ body, params }, response) => {
    const { game_name: gameName, ...changes } = readControlBody(controlBodies.channel, body);
    response.json(helixUser(actions.updateChannel(params.login, { ...changes, gameName })));
  });

  router.post("/streams", ({ body }, response) => {
    const { login, ...given } = readControlBody(controlBodies.stream, body);
    const stream = actions.goLive(login, {
      title: given.title,
      gameName: given.game_name,
      language: given.language,
      thumbnailUrl: given.thumbnail_url,
      tags: given.tags,
      viewerCount: given.viewer_count,
      type: given.type,
      keepsVideo: given.keeps_video,
    });
    response.status(201).json(helixStream(stream, broadcasts));
  });

  router.delete("/streams/:login", ({ params }, response) => {
    actions.endStream(params.login);
    response.status(204).end();
  });

  router.post("/videos", ({ body }, response) => {
    const given = readControlBody(controlBodies.video, body);
    const video = actions.publishVideo(given.stream_id, {
      title: given.title,
      durationMs: given.duration_ms,
      viewCount: given.view_count,
    });
    response.status(201).json(helixVideo(video));
  });

  router.post("/devices/approve", ({ body }, response) => {
    const given = readControlBody(controlBodies.device, body);
    deviceCodes.approve(given.user_code, broadcasts.userByLogin(given.login).id);
    response.status(204).end();
  });

  router.post("/sign-ins", ({ body }, response) => {
    const given = readControlBody(controlBodies.signIn, body);
    response.json({ location: signIn(given.url, given.login) });
  });

  router.post("/tokens/invalidate", (_request, response) => {
    tokens.revokeAll();
    response.status(204).end();
  });

  router.post("/eventsub/repeat", async ({ body }, response) => {
    const { message_id: messageId } = readControlBody(controlBodies.repeat, body);
    const sent = await eventSub.repeat(messageId);
    response.json({ message_id: sent.messageId, result: sent.result });
  });

  router.post("/eventsub/revoke", ({ body }, response) => {
    const given = readControlBody(controlBodies.revoke, body);
    eventSub.revoke(given.subscription_id, given.reason);
    response.status(204).end();
  });

  router.post("/eventsub/notify", async ({ body }, response) => {
    const given = readControlBody(controlBodies.notify, body);
    const { callback, message_id: messageId, message_type: messageType, ...message } = given;
    const sent = await eventSub.send(callback, { ...message, messageId, messageType });
    response.json({ message_id: sent.messageId, result: sent.result });
  });

  router.get("/events", (_request, response) => {
    response.json(log.all());
  });

  return router;
}
