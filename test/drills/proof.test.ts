/** The comparison has to notice every single wrong series: a page made of the truth passes, any change of it does not. */
import { describe, expect, it } from 'vitest'
import { valueFits, type WantedValue } from '../../testbed/drills/compare.ts'
import { kafkaFamilies } from '../../testbed/drills/families.ts'
import { pictureOf, type Picture } from '../../testbed/drills/picture.ts'
import { compareAll } from '../../testbed/drills/stage.ts'
import { keeper, scrape, view } from './support.ts'

interface Line {
  readonly selector: string
  readonly value: number
  readonly optional: boolean
  readonly admits: (value: number) => boolean
}

function pick(value: WantedValue): number {
  if (typeof value === 'number') return value
  if ('from' in value) return value.from
  return value[0] === undefined ? NaN : pick(value[0])
}

function linesOf(picture: Picture): readonly Line[] {
  return Object.entries(kafkaFamilies).flatMap(([family, expected]) =>
    expected(picture).map(({ labels, value, optional = false }) => {
      const pairs = Object.entries(labels).map(([name, wanted]) => {
        const text = typeof wanted === 'string' ? wanted : typeof wanted === 'symbol' ? 'anything' : (wanted[0] ?? '')
        return `${name}="${text}"`
      })
      const selector = pairs.length === 0 ? family : `${family}{${pairs.join(',')}}`
      return { selector, value: pick(value), optional, admits: (actual: number) => valueFits(actual, value) }
    }),
  )
}

function compare(picture: Picture, lines: readonly { selector: string; value: number }[]): string[] {
  return compareAll(picture, scrape(...lines.map(({ selector, value }) => `${selector} ${value}`)))
}

function outage(): Picture {
  const said = view([
    [1, [1, 2]],
    [2, [2, 3], [2]],
    [-1, [3, 1], [3]],
  ])
  const k = keeper()
  for (const id of [1, 2, 3]) k.answer(id, said, 0)
  k.unit('kafka', 1, 'paused')
  const offsets = { current: new Map([['t/1', 7]]), oldest: new Map([['t/1', 2]]) }
  const picture = pictureOf(k.truth, { at: 1000, window: { from: 100, to: 200 } }, offsets)
  if (picture === undefined) throw new Error('not settled')
  return picture
}

describe('the comparison of a whole page', () => {
  const picture = outage()
  const lines = linesOf(picture)

  it('passes a page that is made of the truth', () => {
    expect(lines.length).toBeGreaterThan(70)
    expect(compare(picture, lines)).toEqual([])
  })

  it('notices each series that is missing', () => {
    const unnoticed = lines.filter((gone) => {
      return (
        !gone.optional &&
        compare(
          picture,
          lines.filter((line) => line !== gone),
        ).length === 0
      )
    })
    expect(unnoticed).toEqual([])
  })

  it('notices each value that is wrong', () => {
    const unnoticed = lines.filter((wrong) => {
      const value = wrong.value - 1
      const page = lines.map((line) => (line === wrong ? { selector: line.selector, value } : line))
      return !wrong.admits(value) && compare(picture, page).length === 0
    })
    expect(unnoticed).toEqual([])
    expect(lines.filter((line) => line.admits(line.value - 1))).toEqual([])
  })

  it.each([
    'kafka_topic_partition_leader{topic="gone",partition="0"}',
    'kafka_topic_partition_current_offset{topic="t",partition="0"}',
    'kafka_broker_info{id="9",address="h:9"}',
    'kafka_ha_broker_up{broker="9"}',
    'kafka_ha_controller_views{controller="3"}',
    'kafka_ha_broker_down_reason{broker="2",reason="refused"}',
    'kafka_ha_broker_down_reason{broker="1",reason="refused"}',
    'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="t",partition="1",state="leaderless"}',
  ])('notices the frozen series %s', (selector) => {
    expect(compare(picture, [...lines, { selector, value: 1 }])).toHaveLength(1)
  })
})
