import { type Answer, call } from "../../api/api.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { When } from "../../ui/when.tsx";
import { Details } from "./details.tsx";

type Overview = Answer<"stripe", "read">;

/** The endpoints, and every event with how its deliveries went. */
export function Webhooks({ value: { endpoints, events } }: { value: Overview }) {
  return (
    <>
      <section class="card" aria-label="Endpoints">
        <ul class="lines">
          {endpoints.map(({ id, url, isEnabled, isConnect, types }) => (
            <li key={id} class="row">
              <Badge kind={isEnabled ? "good" : "warn"}>{isEnabled ? "enabled" : "disabled"}</Badge>
              <code>{url}</code>
              <span class="quiet">
                {isConnect ? "connected accounts" : "this account"}, {types} types of events
              </span>
              <Press action={() => call("stripe", "enableEndpoint", { id, isEnabled: !isEnabled })}>
                {isEnabled ? "Disable" : "Enable"}
              </Press>
            </li>
          ))}
        </ul>
      </section>
      <Records empty="No event yet.">
        {events.map(({ id, type, account, createdAtMs, results }) => (
          <RecordLine
            key={id}
            lead={<code>{type}</code>}
            title={account ?? ""}
            aside={<When atMs={createdAtMs} />}
            state={results.length === 0 ? "not sent" : String(results.at(-1))}
            kind={kindOf(results.at(-1))}
          >
            <div class="row">
              {results.length > 0 && <span class="quiet">Answers: {results.join(", ")}</span>}
              <Press action={() => call("stripe", "resend", { id })} done="Sent again.">
                Resend
              </Press>
            </div>
            <Details id={id} />
          </RecordLine>
        ))}
      </Records>
    </>
  );
}

function kindOf(result: number | string | undefined) {
  if (result === undefined) return "plain";
  return typeof result === "number" && result < 300 ? "good" : "bad";
}
