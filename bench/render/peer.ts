// Child of bench/render.ts: the same series as prom-client's gauges, set once, rendered at each scrape. Arguments: partitions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Gauge, Registry } from 'prom-client'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { paces } from '../../src/paces.ts'
import { obeyParent, type Rendering } from './measured.ts'
import { SyntheticStore } from './synthetic.ts'

const registry = new Registry()
registry.setDefaultLabels({ kafka_cluster: 'payments' })
fill(Number(process.argv[2]))
const server = createServer((_, response) => {
  void registry.metrics().then((text) => {
    response.setHeader('Content-Type', registry.contentType)
    response.end(text)
  })
}).listen(0, '127.0.0.1', () =>
  obeyParent((server.address() as AddressInfo).port, (order) => (order === 'render' ? renderOnce() : undefined)),
)

async function renderOnce(): Promise<Rendering> {
  const startedAt = performance.now()
  const { length: bytes } = await registry.metrics()
  const ms = performance.now() - startedAt
  return { ms, bytes, longestPieceMs: ms }
}

function fill(partitions: number): void {
  const { state } = new SyntheticStore(partitions).store
  const build = { version: '', revision: '', node: '' }
  const families = catalogue({ wantsTopic: () => true, offsetsMaxAgeMs: paces.offsets.maxAgeMs, build })
  for (const family of families) {
    const { name, help, labels } = family
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] })
    for (const row of family.rows(state)) {
      const pairs = [...row.labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value])
      gauge.set(Object.fromEntries(pairs) as Record<string, string>, row.value)
    }
  }
}
