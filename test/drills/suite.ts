import { afterAll, beforeAll, expect, it } from 'vitest'
import { DrillChild, failures } from './child.ts'

/** Runs the drills one after the other on one cluster, a test each. */
export function drillsHold(
  names: readonly string[],
  kafka: string,
  deadlineMs: number,
  options: readonly string[],
): void {
  let drills: DrillChild

  beforeAll(() => {
    drills = new DrillChild(names, kafka, deadlineMs, options)
  })
  afterAll(() => drills.stop())

  it.each(names)('%s: /metrics is right at every stage and in time', async (name) => {
    const report = await drills.report(name)
    expect(failures(report)).toEqual([])
    expect(report.ok).toBe(true)
  })
}
