import { useCall } from "../../../api/use-call.ts";
import { Moment } from "../../../ui/moment.tsx";
import { at } from "../links.ts";
import { moneyText } from "./money.ts";

/** One entry: its lines, which sum to zero, and what caused it. */
export function EntryPane({ id }: { readonly id: string }) {
  const { value, problem } = useCall("ledger", "entry", { id });
  const document = (path: string) => <a href={at("firestore", { document: path })}>{path}</a>;
  return (
    <section class="card pane scrolls" aria-label="Entry">
      <div class="pane-head">
        <h2 class="mono">{id}</h2>
        <a class="close" href={at("ledger")}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <>
          <dl class="facts">
            <dt>Kind</dt>
            <dd>
              {value.kind}, booked <Moment ms={value.atMs} withDay />
            </dd>
            <dt>Document</dt>
            <dd class="mono">{document(`ledger/${id}`)}</dd>
            {value.saleId && (
              <>
                <dt>Sale</dt>
                <dd class="mono">{document(`sales/${value.saleId}`)}</dd>
              </>
            )}
            {value.reverses && (
              <>
                <dt>Reverses</dt>
                <dd class="mono">
                  <a href={at("ledger", { entry: value.reverses })}>{value.reverses}</a>
                </dd>
              </>
            )}
            {value.note && (
              <>
                <dt>Reason</dt>
                <dd>
                  <bdi>{value.note.reason}</bdi>, <bdi>{value.note.author}</bdi>
                </dd>
              </>
            )}
          </dl>
          <table>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Race</th>
                <th scope="col" class="end">
                  Amount
                </th>
              </tr>
            </thead>
            <tbody>
              {value.lines.map(({ account, name, amount, lobbyId }) => (
                <tr key={`${account} ${lobbyId} ${amount}`}>
                  <td>
                    <a href={at("ledger", { account, currency: value.currency })}>{account}</a>{" "}
                    <span class="quiet">{name}</span>
                  </td>
                  <td class="mono">{lobbyId && document(`lobbies/${lobbyId}`)}</td>
                  <td class="end">{moneyText(amount, value.currency)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  Sum
                </th>
                <td class={value.sum === 0 ? "end" : "end problem"}>
                  {moneyText(value.sum, value.currency)}
                </td>
              </tr>
            </tfoot>
          </table>
        </>
      )}
    </section>
  );
}
