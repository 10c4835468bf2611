/** An expression that presses the button or link of this text within an element. */
export function pressButton(within: string, text: string): string {
  return `(() => {
    const all = [...document.querySelectorAll(${JSON.stringify(`${within} button, ${within} a, ${within} summary`)})];
    const found = all.find((each) => each.textContent.trim() === ${JSON.stringify(text)});
    if (!found) throw new Error("No button " + ${JSON.stringify(text)} + " among " + all.map((each) => each.textContent.trim()).join(", "));
    found.click();
  })()`;
}

/** An expression that types a text into a field. */
export function fillIn(field: string, text: string): string {
  return `(() => {
    const found = document.querySelector(${JSON.stringify(field)});
    found.value = ${JSON.stringify(text)};
    found.dispatchEvent(new Event("input", { bubbles: true }));
    found.dispatchEvent(new Event("change", { bubbles: true }));
  })()`;
}
