/**
 * Looks at a loaded page: what sticks out sideways, whether the style sheet is in force, images that
 * did not load, and texts whose contrast is below 4.5 (https://www.w3.org/TR/WCAG22/#contrast-minimum).
 */
export const MEASURE = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const [dark, light] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...document.body.querySelectorAll("*")].filter(hasText);
  return {
    title: document.title,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    hasStyle: getComputedStyle(document.body).display === "flex",
    brokenImages: [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src),
    unreadable: texts.filter((text) => contrast(text) < 4.5).map((text) => text.outerHTML),
  };
})()`;
