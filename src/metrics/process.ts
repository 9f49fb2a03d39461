import { collectDefaultMetrics, Registry } from 'prom-client'

/** prom-client's own 10 ms would cost more than everything else that this process does in calm times. */
const eventLoopMonitoringPrecision = 200

/** process_* and nodejs_*: the only file that knows prom-client. Gives their exposition text. */
export function processMetrics(constantLabels: Readonly<Record<string, string>>): () => Promise<string> {
  const registry = new Registry()
  registry.setDefaultLabels({ ...constantLabels })
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision })
  return async () => known(await registry.metrics())
}

/** prom-client writes `Nan`, and the largest int64 in nanoseconds, for what it has not measured since the last scrape. */
function known(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !/ (?:Nan|9223372036\.85\d*)$/.test(line))
  return `${lines.join('\n')}\n`
}
