import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DrillChild, failures } from '../drills/child.ts'

const DEADLINE_MS = 900_000

// ZOMBIE and CUT need namespaces, so root; without it they fail and say so.
describe.each([
  ['2.6.0', ['FACT2', 'TOTAL', 'NOZK-CONFIGS', 'NOZK-LATE', 'LATE', 'CHANGES']],
  ['2.6.0', ['MINISR', 'REASSIGN', 'ELECTIONS', 'ROLLING']],
  ['2.6.0', ['ZOMBIE', 'CUT']],
  ['3.9.1', ['FACT2', 'PAUSE-KILL', 'NOZK-CONFIGS', 'NOZK-MANY', 'CHANGES']],
  ['3.9.1', ['MINISR', 'REASSIGN', 'ELECTIONS', 'ROLLING']],
  ['3.9.1', ['ZOMBIE', 'CUT']],
])('drills on Kafka %s: %j', (kafka, names) => {
  let drills: DrillChild

  beforeAll(() => {
    drills = new DrillChild(names, kafka, DEADLINE_MS)
  })
  afterAll(() => drills.stop())

  it.each(names)('%s: /metrics is right at every stage and in time', async (name) => {
    const report = await drills.report(name)
    expect(failures(report)).toEqual([])
    expect(report.ok).toBe(true)
  })
})
