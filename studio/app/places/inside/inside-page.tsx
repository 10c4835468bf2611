import type { ComponentType } from "preact";
import { currentTab, type Tab, Tabs } from "../../ui/tabs/tabs.tsx";
import { DeadLettersView } from "./dead-letters/dead-letters-view.tsx";
import { FirestoreView } from "./firestore/firestore-view.tsx";
import { LedgerView } from "./ledger/ledger-view.tsx";
import { QueuesView } from "./queues/queues-view.tsx";
import { RedisView } from "./redis/redis-view.tsx";
import { TracesView } from "./traces/traces-view.tsx";
import "./inside.css";

const tabs = [
  { name: "traces", title: "Traces" },
  { name: "queues", title: "Queues" },
  { name: "dead-letters", title: "Dead letters" },
  { name: "firestore", title: "Firestore" },
  { name: "redis", title: "Redis" },
  { name: "ledger", title: "Ledger" },
] as const satisfies [Tab<string>, ...Tab<string>[]];

type Name = (typeof tabs)[number]["name"];

const views: Readonly<Record<Name, ComponentType>> = {
  traces: TracesView,
  queues: QueuesView,
  "dead-letters": DeadLettersView,
  firestore: FirestoreView,
  redis: RedisView,
  ledger: LedgerView,
};

/** Everything that happens behind the product: one tab per kind of thing. */
export function InsidePage() {
  const name = currentTab<Name>([...tabs]);
  const View = views[name];
  return (
    <div class="inside">
      <Tabs<Name> label="Inside" tabs={[...tabs]} />
      <View key={name} />
    </div>
  );
}
