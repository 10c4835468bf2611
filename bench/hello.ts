import { buildEntry } from "../tools/build/build-function.ts";

/** functions-framework's own first example. */
export const HELLO = "bench-hello";
/** The same example after `discord-interactions`'s signature check. */
export const HELLO_SIGNED = "bench-hello-signed";

/** Bundles both like the product's functions. */
export async function buildHellos(): Promise<void> {
  await buildEntry(
    HELLO,
    `import { http } from "@google-cloud/functions-framework";
     http("${HELLO}", (request, response) => { response.send("Hello, World!"); });`,
  );
  await buildEntry(
    HELLO_SIGNED,
    `import { http } from "@google-cloud/functions-framework";
     import { createSignatureCheck } from "./functions/ingress/interactions/signature.ts";
     const isSigned = createSignatureCheck(process.env.DISCORD_PUBLIC_KEY);
     http("${HELLO_SIGNED}", async (request, response) => {
       const signature = request.get("x-signature-ed25519");
       const timestamp = request.get("x-signature-timestamp");
       if (await isSigned(request.rawBody, signature, timestamp, Date.now())) response.send("Hello, World!");
       else response.status(401).end();
     });`,
  );
}
