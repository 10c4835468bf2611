import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { documentDefinitions } from "../../functions/documents.ts";
import { startCloud } from "../../local/cloud/cloud.ts";
import { openFirestore, SETTINGS, type Stage } from "../../local/demo/cast.ts";
import { playEverything } from "../../local/demo/play.ts";
import { Timeline } from "../../local/demo/timeline.ts";
import { type Example, toExample, versionOf, whatShowsAll } from "./examples.ts";
import { doRareActions } from "./rare-actions.ts";

const FOLDER = "test/recorded";
const PICTURE = ".local/live-pot.png";

/** Pub/Sub forwards messages it gave up on to another topic, unchanged. */
const FORWARDED = "CloudPubSubDeadLetterSourceSubscription";

const say = (line: string) => process.stdout.write(`${line}\n`);

// Plays the demo and stores the events, tasks and documents it produces as examples of their versions; a test
// reads these with the current code. Existing files stay as they are: a new version gets a file of its own.
const cloud = await startCloud({ environment: SETTINGS });
const { discord, stripe, twitch, pubsub, tasks } = cloud;
if (!discord || !stripe || !twitch || !pubsub || !tasks) throw new Error("A simulator is missing.");
const { firestore, close } = openFirestore(cloud);
const stage: Stage = { cloud, discord, stripe, twitch, firestore, logLines: [] };
await playEverything(stage, new Timeline(stage, say), PICTURE);
await doRareActions(stage);

const json = (bytes: Buffer): Example => JSON.parse(bytes.toString());
const published = pubsub.published().filter(({ attributes }) => !(FORWARDED in attributes));
for (const [topic, messages] of Map.groupBy(published, ({ topicId }) => topicId)) {
  keep(
    "events",
    topic,
    messages.map(({ data }) => json(data)),
  );
}
for (const [queue, made] of Map.groupBy(tasks.tasks(), ({ queueId }) => queueId)) {
  keep(
    "tasks",
    queue,
    made.map(({ body }) => json(body)),
  );
}
for (const { collection } of documentDefinitions) {
  const names = collection.split("/");
  const found = await firestore.collectionGroup(names.at(-1) ?? "").get();
  const own = found.docs.filter(({ ref }) => ref.path.split("/").length === 2 * names.length);
  const ofIt = own.filter(({ ref }) => ref.path.startsWith(`${names[0]}/`));
  keep("documents", names.join("."), ofIt.map(toExample));
}
await close();
await cloud.stop();
process.exit();

/** Writes the examples of each version that has no file yet. Examples without a version predate versions. */
function keep(kind: string, name: string, all: readonly Example[]): void {
  for (const [version, examples] of Map.groupBy(all, versionOf)) {
    const file = `${FOLDER}/${kind}/${name}.v${version}.json`;
    if (version === undefined || existsSync(file)) continue;
    mkdirSync(`${FOLDER}/${kind}`, { recursive: true });
    writeFileSync(file, `${JSON.stringify(whatShowsAll(examples), null, 2)}\n`);
    say(`Recorded ${file}`);
  }
}
