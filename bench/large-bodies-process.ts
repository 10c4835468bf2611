import { Agent, request as send } from "node:http";
import { brotliCompressSync } from "node:zlib";

/**
 * Sends a function 20 large bodies at once, over and over, in a process of its own: a third announced, a
 * third in chunks, a third as brotli; 200 a second. Ends with its parent.
 */
const [url = ""] = process.argv.slice(2);
const AT_ONCE = 20;
/** Just below the largest body that Cloud Run lets through. https://cloud.google.com/run/quotas */
const large = Buffer.from(JSON.stringify("x".repeat(31 * 2 ** 20)));
const bomb = brotliCompressSync(Buffer.alloc(64 * 2 ** 20));
/** So long each goes on sending after its answer. */
const PUSH_MS = 100;
const agent = new Agent({ keepAlive: true });
const kinds = [
  { headers: { "content-length": large.length }, body: large },
  { headers: { "transfer-encoding": "chunked" }, body: large },
  { headers: { "content-encoding": "br", "content-length": bomb.length }, body: bomb },
];

process.once("disconnect", () => process.exit());
let sent = 0;
for (let count = 0; count < AT_ONCE; count += 1) sendNext();

function sendNext(): void {
  const { headers, body } = kinds[sent % kinds.length] ?? { headers: {}, body: large };
  sent += 1;
  const type = { "content-type": "application/json" };
  const request = send(url, { method: "POST", agent, headers: { ...type, ...headers } });
  request.on("response", (response) => {
    response.resume();
    setTimeout(() => request.destroy(), PUSH_MS);
  });
  request.on("error", () => undefined);
  request.once("close", () => {
    if (sent === AT_ONCE) process.send?.("under way");
    sendNext();
  });
  request.end(body);
}
