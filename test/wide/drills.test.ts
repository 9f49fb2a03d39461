import { describe } from 'vitest'
import { drillsHold } from '../drills/suite.ts'

const DEADLINE_MS = 900_000

// What both versions add little to runs on one of them. Cuts and splits need namespaces, so root; without it they fail and say so.
describe.each([
  ['2.6.0', 'all', ['D', 'E-PAUSE', 'F', 'G']],
  ['2.6.0', 'all', ['TOTAL', 'NOZK-LATE', 'LATE']],
  ['2.6.0', 'all', ['MINISR', 'ROLLING']],
  ['2.6.0', 'all', ['H', 'I', 'ZOMBIE']],
  ['2.6.0', 'default', ['G']],
  ['3.9.1', 'all', ['WOKEN']],
  ['3.9.1', 'all', ['PAUSE-KILL', 'REASSIGN']],
])('drills on Kafka %s, words %s: %j', (kafka, whitelist, names) => {
  drillsHold(names, kafka, DEADLINE_MS, ['--whitelist', whitelist])
})
