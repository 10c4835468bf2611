/** The expression of a button, link or summary with exactly this text within an element. */
export function labelled(within: string, text: string): string {
  const choice = JSON.stringify(`:is(button, a, summary)`);
  return `[...(document.querySelector(${JSON.stringify(within)})?.querySelectorAll(${choice}) ?? [])].find((each) => each.textContent.trim() === ${JSON.stringify(text)})`;
}

/** The expression of the first element of a selector. */
export function first(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)})`;
}

/** Whether an element's text contains this. */
export function contains(selector: string, text: string): string {
  return `${first(selector)}?.textContent.includes(${JSON.stringify(text)})`;
}
