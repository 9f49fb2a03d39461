import { describe } from 'vitest'
import { drillsHold } from '../drills/suite.ts'

const DEADLINE_MS = 480_000

// KRAFT-CUT needs namespaces, so root; without it it fails and says so.
describe.each([
  ['4.1.1', ['KRAFT-KILL', 'KRAFT-PAUSE', 'CALM']],
  ['4.1.1', ['KRAFT-CUT']],
  ['4.1.1', ['KRAFT-ELR']],
  ['3.9.1', ['KRAFT-SEPARATE']],
])('drills on Kafka %s without ZooKeeper: %j', (kafka, names) => {
  drillsHold(names, kafka, DEADLINE_MS, ['--minutes', '0.3'])
})
