import { Router } from "express";
import { drawnPicture } from "../../kit/drawn-picture.ts";
import type { Broadcasts } from "../broadcasts.ts";

const NAME = /^live_user_(\w{1,25})-(\d{1,4})x(\d{1,4})\.jpg$/;
const MAX_WIDTH = 1920;

/**
 * The pictures of live streams, as `thumbnail_url` names them. A channel that is not live leads to a placeholder, as at
 * Twitch. What is pictured here is a gradient, and a PNG file in spite of its name.
 */
export function previewsRouter(broadcasts: Broadcasts): Router {
  const router = Router();
  router.get("/:name", (request, response) => {
    const [, login, width, height] = NAME.exec(request.params.name) ?? [];
    const stream = broadcasts.visibleStreams().find(({ user }) => user.login === login);
    if (!stream || Number(width) > MAX_WIDTH) {
      response.redirect(302, `/ttv-static/404_preview-${width}x${height}.jpg`);
      return;
    }
    const picture = drawnPicture(Number(width), Number(height), Number(stream.id) % 12);
    response.type("png").send(picture);
  });
  return router;
}
