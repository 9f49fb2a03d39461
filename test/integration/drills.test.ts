import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DrillChild, failures } from '../drills/child.ts'

const DEADLINE_MS = 480_000

// The user's very versions with his 18 s sessions, and the last with ZooKeeper mode with sessions of 6 s.
describe.each([
  ['2.6.0', ['A', 'B', 'C', 'CALM']],
  ['3.9.1', ['C', 'PAUSE', 'E']],
])('drills on Kafka %s', (kafka, names) => {
  let drills: DrillChild

  beforeAll(() => {
    drills = new DrillChild(names, kafka, DEADLINE_MS, ['--minutes', '0.3'])
  })
  afterAll(() => drills.stop())

  it.each(names)('%s: /metrics is right at every stage and in time', async (name) => {
    const report = await drills.report(name)
    expect(failures(report)).toEqual([])
    expect(report.ok).toBe(true)
  })
})
