import { collectDefaultMetrics, Registry } from 'prom-client'

/** process_* and nodejs_*: the only file that knows prom-client. Gives their exposition text. */
export function processMetrics(constantLabels: Readonly<Record<string, string>>): () => Promise<string> {
  const registry = new Registry()
  registry.setDefaultLabels({ ...constantLabels })
  collectDefaultMetrics({ register: registry })
  return () => registry.metrics()
}
