import { request as send } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { useCloud } from "../../support/cloud.ts";

const cloud = await useCloud({ onSockets: true });

/** Ids that Firestore reserves, or would read as another path. */
const BAD_IDS = ["__x__", ".", "..", "a/b", `${"x".repeat(2000)}`];

describe("an id that no document can have, in an address that is sent without normalization", () => {
  test.each([
    "/drop/ID",
    "/drop/ID/picture",
    "/auction/ID",
    "/auction/ID/picture",
    "/auction/ID/feed.json",
    "/overlay/ID",
    "/overlay/pot/ID",
    "/pot/ID.json",
    "/race/ID",
    "/success?session_id=ID",
    "/cancel?order=ID",
    "/success?session_id=cs_ID",
  ])("in %s is a 404", async (address) => {
    for (const id of BAD_IDS) {
      for (const spelt of [id, encodeURIComponent(id)]) {
        expect([id, await statusAt(address.replace("ID", spelt))]).toEqual([id, 404]);
      }
    }
    expect(cloud.logLines.filter((line) => line.includes('"severity":"ERROR"'))).toEqual([]);
  });
});

/** Requests an address without normalization: `fetch` would resolve its dots. */
function statusAt(address: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(cloud.url("web"));
    const request = send({ hostname, port, path: `${pathname}${address}` }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject).end();
  });
}
