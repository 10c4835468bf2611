import type { RequestHandler } from "express";

/**
 * Refuses requests that another site could cause. The order matters: a name that was rebound to
 * 127.0.0.1 sends its own Host but no Origin, so Host comes first. A page may be opened from
 * anywhere, because it shows nothing by itself. Bodies are JSON only, which no form of another site
 * can send.
 * @param hosts the exact values of Host that are served, each with its port
 */
export function refuseOtherSites(hosts: () => readonly string[]): RequestHandler {
  return (request, response, next) => {
    const served = hosts();
    const { host, origin } = request.headers;
    if (host === undefined || !served.includes(host)) {
      response
        .status(403)
        .json({ error: `This address is served as ${served.join(" or ")} only.` });
      return;
    }
    const isForeign = origin !== undefined && !served.some((name) => origin === `http://${name}`);
    const site = request.get("sec-fetch-site") ?? "none";
    const opensPage = request.method === "GET" && request.get("sec-fetch-dest") === "document";
    if (isForeign || (site !== "same-origin" && site !== "none" && !opensPage)) {
      response.status(403).json({ error: "Pages of other sites may not call this address." });
      return;
    }
    // False is a body of another type, null no body.
    if (request.is("application/json") === false) {
      response.status(415).json({ error: "A body must be application/json." });
      return;
    }
    next();
  };
}
