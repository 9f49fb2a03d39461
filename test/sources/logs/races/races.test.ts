import { describe, expect, test } from 'vitest'
import { race, random, type Race } from './race.ts'

/** As many orders of the steps of a writer and a reader. */
const seeds = 60

const often = { everyMs: 95, gapMs: 2, stallMs: 30, restarts: 0 }

const races: readonly (Race & { readonly name: string })[] = [
  { name: 'ten rotations a second', style: 'number', ...often },
  { name: 'names shifted', style: 'shift', ...often },
  { name: 'a glob', style: 'number', ...often, pattern: '/logs/*.log', gapMs: 50, restarts: 0.2 },
  {
    name: 'a glob of rotated names, too',
    style: 'number',
    ...often,
    pattern: '/logs/server.log*',
    gapMs: 50,
    restarts: 0.2,
  },
  { name: 'more often than it is looked', style: 'number', ...often, everyMs: 20 },
  { name: 'gaps', style: 'number', ...often, gapMs: 250 },
  { name: 'gaps, births unknown', style: 'number', ...often, everyMs: 40, gapMs: 250, birthsUnknown: true },
  { name: 'restarts', style: 'number', ...often, restarts: 0.3 },
  { name: 'restarts, names shifted', style: 'shift', ...often, restarts: 0.3 },
  { name: 'restarts in gaps', style: 'number', ...often, gapMs: 200, restarts: 0.3 },
  {
    name: 'restarts in gaps, births unknown',
    style: 'number',
    ...often,
    gapMs: 200,
    restarts: 0.3,
    birthsUnknown: true,
  },
  { name: 'kills', style: 'number', ...often, gapMs: 50, restarts: 0.2, isKilled: true },
]

describe('a log that is rotated between any two steps of its reader: each line is read once, after a kill at least once', () => {
  test.each(races)('$name', async (one) => {
    const wrong: string[] = []
    let rotations = 0
    for (let seed = 1; seed <= seeds; seed++) {
      const result = await race(one, random(seed * 7_919))
      rotations += result.rotations
      if (result.lost + (one.isKilled === true ? 0 : result.repeated) > 0)
        wrong.push(`seed ${seed}: ${JSON.stringify(result)}`)
    }
    expect(wrong).toEqual([])
    expect(rotations).toBeGreaterThan(seeds * 4)
  })
})
