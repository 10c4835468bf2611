import "./chart.css";

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const WIDTH = 300;
const HEIGHT = 100;

/** Lines over time, the newest value at the right; `most` values fit. */
export function Chart({
  title,
  series,
  most,
  format,
}: {
  title: string;
  series: readonly Series[];
  most: number;
  format: (value: number) => string;
}) {
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const points = (values: readonly number[]) =>
    values
      .map((value, index) => {
        const x = (index / Math.max(1, most - 1)) * WIDTH;
        return `${x.toFixed(1)},${(HEIGHT - (value / highest) * HEIGHT).toFixed(1)}`;
      })
      .join(" ");
  const latest = ({ name, values }: Series) => `${name} ${format(values.at(-1) ?? 0)}`;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div class="plot">
        <span class="highest">{format(highest)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${series.map(latest).join(", ")}`}
        >
          {series.map(({ name, values }, index) => (
            <polyline key={name} class={`line-${index}`} points={points(values)} />
          ))}
        </svg>
      </div>
      <ul class="legend">
        {series.map((each, index) => (
          <li key={each.name} class={`line-${index}`}>
            {latest(each)}
          </li>
        ))}
      </ul>
    </figure>
  );
}
