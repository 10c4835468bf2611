import { expect, test } from "@jest/globals";
import { clientOf, startServer } from "./support.ts";

test("a listener that outlives a restart of the server is notified of removed documents", async () => {
  const first = await startServer();
  const client = clientOf(first.host, "keyboards");
  await client.doc("a/lost").set({});
  const changes: string[] = [];
  let wake = () => {};
  const stopListening = client.collection("a").onSnapshot((snapshot) => {
    for (const { type, doc } of snapshot.docChanges()) changes.push(`${type} ${doc.id}`);
    wake();
  });
  const untilNotified = async (change: string) => {
    while (!changes.includes(change)) await new Promise<void>((resolve) => (wake = resolve));
  };
  await untilNotified("added lost");
  await first.stop();

  const second = await startServer({ port: Number(first.host.split(":")[1]) });
  await untilNotified("removed lost");
  await second.client().doc("a/new").set({});
  await untilNotified("added new");
  stopListening();
  // The answer to a call comes after the end of the stream that was stopped before it.
  await client.doc("a/new").get();
  await client.terminate();
  await second.stop();
  expect(changes).toEqual(["added lost", "removed lost", "added new"]);
});
