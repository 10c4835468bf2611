import { PubSub } from "@google-cloud/pubsub";

/** A Pub/Sub client of the SDK for the server at `host`, that looks for no credentials. */
export function pubSubClient(host: string, projectId: string): PubSub {
  return new PubSub({
    projectId,
    apiEndpoint: host,
    emulatorMode: true,
    clientOptions: { universeDomain: "googleapis.com" },
  });
}
