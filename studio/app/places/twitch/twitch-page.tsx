import "../../ui/lists.css";
import { useCall } from "../../api/use-call.ts";
import { currentTab, Tabs } from "../../ui/tabs/tabs.tsx";
import { Channels } from "./channels.tsx";
import { EventSub } from "./event-sub.tsx";
import "./twitch.css";

/** The simulated Twitch: channels, sign-in pages that wait, and EventSub. */
export function TwitchPage() {
  const { value, problem } = useCall("twitch", "read", {});
  if (problem !== undefined) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const tabs: Parameters<typeof Tabs<"channels" | "events">>[0]["tabs"] = [
    { name: "channels", title: "Channels", count: value.signIns.length },
    { name: "events", title: "EventSub" },
  ];
  return (
    <div class="stack">
      <Tabs label="Twitch" tabs={tabs} />
      {currentTab(tabs) === "channels" ? <Channels value={value} /> : <EventSub value={value} />}
    </div>
  );
}
