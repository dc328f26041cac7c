import { writeCsv, writeEvents, writeParquet } from "@quadrivium/io";
import { readMetrics, type Metric, type Run } from "@quadrivium/runs";

/** Metrics, one logged value a row, as comma-separated text. */
export async function metricsCsv(run: Run): Promise<string> {
  return writeCsv(tabulate(await loggedMetrics(run)));
}

/** Metrics, one logged value a row, as a Parquet file. */
export async function metricsParquet(run: Run): Promise<Uint8Array> {
  return writeParquet(tabulate(await loggedMetrics(run)));
}

/**
 * Metrics as a TensorBoard event file. A metric bears no time of day, so every event bears the time
 * at which the run began; a clock between two whole numbers is rounded.
 */
export async function metricsEvents(run: Run): Promise<Uint8Array> {
  const metrics = await loggedMetrics(run);
  const clocks = new Map<string, Set<string>>();
  for (const { name, clock } of metrics) {
    clocks.set(name, (clocks.get(name) ?? new Set()).add(clock));
  }
  const wallTime = Date.parse(run.manifest.createdAt) / 1000;
  return writeEvents(
    metrics.map(({ clock, n, name, value }) => ({
      tag: clocks.get(name)!.size > 1 ? `${name}/${clock}` : name,
      step: Math.round(n),
      value,
      wallTime,
    })),
  );
}

/** What TensorBoard shows a run's curves from, below a folder of many runs. */
export function eventsFile({ manifest }: Run): string {
  const seconds = Math.floor(Date.parse(manifest.createdAt) / 1000);
  return `${manifest.id}/events.out.tfevents.${seconds}.quadrivium`;
}

async function loggedMetrics(run: Run): Promise<Metric[]> {
  const metrics: Metric[] = [];
  for await (const metric of readMetrics(run.folder)) metrics.push(metric);
  return metrics;
}

function tabulate(metrics: readonly Metric[]): {
  readonly [column in keyof Metric]: Metric[column][];
} {
  return {
    clock: metrics.map(({ clock }) => clock),
    n: metrics.map(({ n }) => n),
    name: metrics.map(({ name }) => name),
    value: metrics.map(({ value }) => value),
  };
}
