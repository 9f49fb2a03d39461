import { describe } from 'vitest'
import { drillsHold } from '../drills/suite.ts'

const DEADLINE_MS = 480_000

// The user's very versions with his 18 s sessions, and the last with ZooKeeper mode with sessions of 6 s.
describe.each([
  ['2.6.0', ['A', 'B', 'C', 'CALM']],
  ['3.9.1', ['C', 'PAUSE', 'E']],
])('drills on Kafka %s', (kafka, names) => {
  drillsHold(names, kafka, DEADLINE_MS, ['--minutes', '0.3'])
})
