import { describe, expect, test } from 'vitest'
import { drills, run } from '../../bench/rotation/drill.ts'

// The short form of `npm run bench:rotation`: a writer and a reader, each in a process of its own.
const linesPerSecond = 20_000
const seconds = 1.5

const named = new Map(drills.map((drill) => [drill.name, drill]))

/** One of each kind; the others are variations that the unit tests go through step by step. */
const kinds = [
  'rename, gap of 200 ms',
  'daily',
  '10 rotations a second, names shifted',
  'copytruncate, 20 ms written on',
  'unlink',
  'reader paused (SIGSTOP)',
  'reader restarted (SIGTERM)',
  'reader restarted (SIGKILL)',
]

describe('no line is lost or broken', () => {
  test.concurrent.each(kinds)('%s', async (name) => {
    const drill = named.get(name)
    if (drill === undefined) throw new Error(`no drill ${name}`)
    const { written, lost, repeated, broken, rotations, truncations, said } = await run(drill, linesPerSecond, seconds)
    const told = `${name}: ${said}`
    expect(written, told).toBeGreaterThan(linesPerSecond)
    expect(broken, told).toBe(0)
    // Positions are written once a second, a little later on a busy machine.
    const again = drill.disturb === 'kill' ? 3 * linesPerSecond : 0
    expect(repeated, told).toBeLessThanOrEqual(again)
    if (drill.style.startsWith('copytruncate')) {
      // What is written between the copy and the cut is nowhere afterwards. It is counted and far from all.
      expect(truncations, told).toBeGreaterThan(0)
      expect(lost, told).toBeLessThan(written / 2)
    } else {
      expect(lost, told).toBe(0)
      expect(rotations, told).toBeGreaterThan(0)
    }
  })
})
