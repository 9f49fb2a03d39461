// Child of bench/render.ts: this exporter's own pages over a synthetic cluster. Arguments: partitions.
import { readBuildInfo } from '../../src/build-info.ts'
import { loadConfig } from '../../src/config/load.ts'
import { createLogger } from '../../src/log.ts'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { labelText } from '../../src/metrics/family.ts'
import { render } from '../../src/metrics/render.ts'
import { pages } from '../../src/pages.ts'
import { paces } from '../../src/paces.ts'
import { obeyParent, type Rendering } from './measured.ts'
import { SyntheticStore } from './synthetic.ts'

const labels = { kafka_cluster: 'payments' }
const partitions = Number(process.argv[2])
const synthetic = new SyntheticStore(partitions)
const build = readBuildInfo()
const loaded = loadConfig(['--web.listen-address=127.0.0.1:0', '--kafka.labels=kafka_cluster=payments'], {})
if (!loaded.ok || !('config' in loaded)) throw new Error('no configuration')
const web = pages(loaded.config, synthetic.store, createLogger({ level: 'error', format: 'json' }), build)
const { port } = await web.start()
const families = catalogue({ wantsTopic: () => true, offsetsMaxAgeMs: paces.offsets.maxAgeMs, build })

obeyParent(port, (order) => {
  if (order === 'move') synthetic.move()
  else if (order === 'change-topics') synthetic.changeTopics()
  else if (order === 'render') return renderOnce()
  else if (order === 'count-series') return countSeries()
  return undefined
})

/** The page without web server and sockets. */
function renderOnce(): Rendering {
  const startedAt = performance.now()
  let longestPieceMs = 0
  let pieceFrom = startedAt
  let bytes = 0
  for (const piece of render(families, synthetic.store.state, labelText(labels))) {
    bytes += piece.length
    const now = performance.now()
    longestPieceMs = Math.max(longestPieceMs, now - pieceFrom)
    pieceFrom = now
  }
  return { ms: performance.now() - startedAt, bytes, longestPieceMs }
}

function countSeries(): number {
  let count = 0
  for (const piece of render(families, synthetic.store.state)) {
    count += piece.toString('latin1').match(/^[^#]/gm)?.length ?? 0
  }
  return count
}
