import "../../ui/lists.css";
import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { Badge } from "../../ui/badge/badge.tsx";
import { Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { When } from "../../ui/when.tsx";
import "./shops.css";

type Overview = Answer<"shops", "read">;
type Shop = Overview["shops"][number];

/** The shops that sell merch, and the webhooks that report it. */
export function ShopsPage() {
  const { value, problem } = useCall("shops", "read", {});
  if (problem !== undefined) return <p class="problem">{problem}</p>;
  if (!value) return null;
  return (
    <div class="stack">
      <div class="shops">
        {value.shops.map((shop) => (
          <ShopCard key={shop.name} shop={shop} />
        ))}
      </div>
      <Deliveries attempts={value.attempts} />
    </div>
  );
}

function ShopCard({ shop: { name, title, canRefund, sales } }: { shop: Shop }) {
  return (
    <article class="card stack" aria-label={title}>
      <h2>{title}</h2>
      <Form
        label={`Buy at ${title}`}
        button="Buy"
        done={`Sold at ${title}.`}
        keeps
        action={({ item = "", amount = "", currency = "", lobby = "" }) =>
          call("shops", "sell", { provider: name, item, amount, currency, lobby })
        }
      >
        <Field name="item" label="What" value="Simulated sticker" />
        <Field name="amount" label="Amount" value="12.50" isNumber />
        <Field name="currency" label="Currency" value="USD" />
        <Field name="lobby" label="Race that the buyer names" required={false} hint="nobody's" />
      </Form>
      {name === "kofi" && (
        <div class="row">
          <Press action={() => call("shops", "sendTest", {})} done="Ko-fi has sent its test.">
            Send Ko-fi's test
          </Press>
        </div>
      )}
      <ul class="lines" aria-label={`Sales at ${title}`}>
        {sales.map(({ id, item, amount, atMs }) => (
          <li key={id} class="row">
            <strong>{amount}</strong> {item}{" "}
            <span class="quiet">
              <When atMs={atMs} />
            </span>
            {canRefund && (
              <Press
                action={() => call("shops", "refund", { provider: name, id })}
                done="The shop has refunded it."
              >
                Refund
              </Press>
            )}
          </li>
        ))}
      </ul>
      {sales.length === 0 && <p class="quiet">Nothing was sold here yet.</p>}
      {!canRefund && <p class="quiet">{title} reports no refunds.</p>}
    </article>
  );
}

function Deliveries({ attempts }: Pick<Overview, "attempts">) {
  return (
    <section class="card">
      <h2>Webhooks</h2>
      {attempts.length === 0 && <p class="quiet">No webhook was sent yet.</p>}
      <div class="scroll">
        <table>
          <tbody>
            {attempts.map(({ id, shop, topic, retry, result, atMs }, index) => (
              <tr key={`${id} ${attempts.length - index}`}>
                <td>
                  <When atMs={atMs} />
                </td>
                <td>
                  {shop} <code>{topic}</code>
                </td>
                <td>
                  <Badge kind={typeof result === "number" && result < 300 ? "good" : "bad"}>
                    {result}
                  </Badge>
                  {retry > 0 && <span class="quiet"> retry {retry}</span>}
                </td>
                <td>
                  <div class="row">
                    <Press action={() => call("shops", "repeat", { id })}>Resend</Press>
                    <Press
                      action={() => call("shops", "forge", { id })}
                      title="As somebody would who does not know the shop's secret"
                    >
                      Send with a wrong signature
                    </Press>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
