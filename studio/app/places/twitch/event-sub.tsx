import { type Answer, call } from "../../api/api.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { Press } from "../../ui/press.tsx";
import { When } from "../../ui/when.tsx";
import { Devices } from "./channels.tsx";

type Overview = Answer<"twitch", "read">;

const LATE_MINUTES = 11;

/** The subscriptions, what was delivered to them, and the calls of Helix. */
export function EventSub({ value }: { value: Overview }) {
  const { channels, subscriptions, deliveries, requests } = value;
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <>
      <section class="card">
        <h2>The next event</h2>
        <div class="row">
          <Press
            action={() => call("twitch", "faultNext", { fault: "late" })}
            done="The next event comes five minutes late."
          >
            comes 5 minutes late
          </Press>
          <Press
            action={() => call("twitch", "faultNext", { fault: "twice" })}
            done="The next event comes twice."
          >
            comes twice
          </Press>
          <Press
            action={() => call("twitch", "faultNext", { fault: "lost" })}
            done="The connection of the next event breaks; Twitch tries again."
          >
            breaks off once
          </Press>
        </div>
      </section>
      <section class="card">
        <h2>Subscriptions</h2>
        {subscriptions.length === 0 && (
          <p class="quiet">None yet. Registering a builder subscribes to their channel.</p>
        )}
        <div class="scroll">
          <table>
            <tbody>
              {subscriptions.map(({ id, type, status, broadcasterId }) => (
                <tr key={id}>
                  <td>{nameOf(broadcasterId)}</td>
                  <td>
                    <code>{type}</code>
                  </td>
                  <td>
                    <Badge kind={status === "enabled" ? "good" : "warn"}>{status}</Badge>
                  </td>
                  <td>
                    {status === "enabled" && (
                      <Press
                        action={() =>
                          call("twitch", "revoke", { id, reason: "authorization_revoked" })
                        }
                        done="Twitch has revoked the subscription."
                      >
                        Revoke
                      </Press>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="card">
        <h2>Deliveries</h2>
        {deliveries.length === 0 && <p class="quiet">Nothing was delivered yet.</p>}
        <div class="scroll">
          <table>
            <tbody>
              {deliveries.map((delivery, index) => (
                <tr key={`${delivery.messageId} ${deliveries.length - index}`}>
                  <td>
                    <When atMs={delivery.atMs} />
                  </td>
                  <td>
                    <code>{delivery.subscriptionType}</code>{" "}
                    <span class="quiet">{delivery.messageType}</span>
                  </td>
                  <td>
                    <Outcome result={delivery.result} />
                    {delivery.retry > 0 && <span class="quiet"> retry {delivery.retry}</span>}
                  </td>
                  <td>
                    <div class="row">
                      <Press action={() => call("twitch", "repeat", { id: delivery.messageId })}>
                        Repeat
                      </Press>
                      <Press
                        title={`As a new message that is ${LATE_MINUTES} minutes old`}
                        action={() =>
                          call("twitch", "sendLate", {
                            id: delivery.messageId,
                            minutes: LATE_MINUTES,
                          })
                        }
                      >
                        Send {LATE_MINUTES} minutes late
                      </Press>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="card">
        <h2>Calls</h2>
        {requests.length === 0 && <p class="quiet">Nobody has called Twitch yet.</p>}
        <ul class="lines calls">
          {requests.map(({ atMs, method, path, status }, index) => (
            <li key={requests.length - index}>
              <When atMs={atMs} />{" "}
              <code>
                {method} {path}
              </code>{" "}
              <Outcome result={status ?? "connection"} />
            </li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>Tokens</h2>
        <div class="stack">
          <Devices channels={channels} />
          <div class="row">
            <Press
              action={() => call("twitch", "invalidateTokens", {})}
              done="From now on every token issued so far is refused."
            >
              Invalidate all tokens
            </Press>
          </div>
        </div>
      </section>
    </>
  );
}

function Outcome({ result }: { result: number | string }) {
  const isGood = typeof result === "number" && result < 300;
  return <Badge kind={isGood ? "good" : "bad"}>{result}</Badge>;
}
