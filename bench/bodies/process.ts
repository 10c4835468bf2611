import { Agent, request as send } from "node:http";
import { brotliCompressSync } from "node:zlib";

/**
 * Sends 200 bodies per second to a function, each over 100 ms, so that 20 are in transit at once.
 * It is a process that ends with its parent. A third of the large bodies has a content length, a
 * third is chunked, and a third is brotli-compressed.
 */
const [url = "", size = "large"] = process.argv.slice(2);
const AT_ONCE = 20;
/** Just below Cloud Run's maximum request size: https://cloud.google.com/run/quotas */
const large = Buffer.from(JSON.stringify("x".repeat(31 * 2 ** 20)));
const bomb = brotliCompressSync(Buffer.alloc(64 * 2 ** 20));
const small = Buffer.from(JSON.stringify("x"));
const EVERY_MS = 5;
const SENDING_MS = EVERY_MS * AT_ONCE;
const agent = new Agent({ keepAlive: true });
const kinds =
  size === "small"
    ? [{ headers: { "content-length": small.length }, body: small }]
    : [
        { headers: { "content-length": large.length }, body: large },
        { headers: { "transfer-encoding": "chunked" }, body: large },
        { headers: { "content-encoding": "br", "content-length": bomb.length }, body: bomb },
      ];

process.once("disconnect", () => process.exit());
let sent = 0;
setInterval(() => {
  const { headers, body } = kinds[sent % kinds.length] ?? { headers: {}, body: large };
  sent += 1;
  if (sent === AT_ONCE) process.send?.("under way");
  const type = { "content-type": "application/json" };
  const request = send(url, { method: "POST", agent, headers: { ...type, ...headers } });
  request.on("error", () => undefined).on("response", (response) => response.resume());
  request.end(body);
  setTimeout(() => request.destroy(), SENDING_MS);
}, EVERY_MS);
