import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { page } from '../support/page.ts'
import { scenes } from '../support/scenes.ts'

const update = process.env['UPDATE_GOLDEN'] === '1'

describe.each(Object.entries(scenes))('%s', (name, scene) => {
  const golden = new URL(`../golden/${name}.prom`, import.meta.url)
  const text = page(scene().state)

  it('is the golden page (UPDATE_GOLDEN=1 writes it anew: read the difference)', () => {
    if (update) writeFileSync(golden, text)
    expect(existsSync(golden), `${name}.prom is not there`).toBe(true)
    expect(text).toBe(readFileSync(golden, 'utf8'))
  })

  it('is a page that Prometheus takes: every family once, every series once, no timestamps', () => {
    const { types, series } = parseExposition(text)
    expect([...new Set([...series.values()].map(({ family }) => family))]).toEqual([...types.keys()])
  })
})
