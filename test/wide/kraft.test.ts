import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DrillChild, failures } from '../drills/child.ts'

const DEADLINE_MS = 480_000

// KRAFT-CUT needs namespaces, so root; without it it fails and says so.
describe.each([
  ['4.1.1', ['KRAFT-KILL', 'KRAFT-PAUSE', 'CALM']],
  ['4.1.1', ['KRAFT-CUT']],
  ['4.1.1', ['KRAFT-ELR']],
  ['3.9.1', ['KRAFT-SEPARATE']],
])('drills on Kafka %s without ZooKeeper: %j', (kafka, names) => {
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
