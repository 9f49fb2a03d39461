/** The comparison has to notice every single wrong series: a page made of the truth passes, any change of it does not. */
import { describe, expect, it } from 'vitest'
import { valueFits, type WantedValue } from '../../testbed/drills/compare.ts'
import { kafkaFamilies } from '../../testbed/drills/families.ts'
import { pictureOf, type Picture } from '../../testbed/drills/picture.ts'
import { compareAll } from '../../testbed/drills/stage.ts'
import { ensemble } from './coordinators/support.ts'
import { keeper, scrape, view } from './support.ts'

const CONFIGS = new Map([
  ['zookeeper.session.timeout.ms', '18000'],
  ['replica.lag.time.max.ms', '30000'],
  ['log.dirs', '/somewhere'],
  ['default.replication.factor', '1'],
  ['offsets.topic.replication.factor', '3'],
])

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
    // Of what may be there any number of times a page of the truth has none.
    expected(picture)
      .filter(({ many }) => many !== true)
      .map(({ labels, value, optional = false }) => {
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

/** Broker 1 hangs, one partition waits for broker 3, one is below its min ISR, one is being moved, one has one replica. */
function outage(): Picture {
  const said = view([
    [1, [1, 2]],
    [2, [2, 3], [2]],
    [-1, [3, 1], [3]],
    [2, [2, 1], [2, 1]],
    [3, [3]],
  ])
  const k = keeper()
  for (const id of [1, 2, 3]) k.answer(id, said, 0)
  k.unit('kafka', 1, 'paused')
  k.asked({
    topics: new Map([['t', { minIsr: 2, unclean: true }]]),
    brokers: new Map([1, 2, 3].map((id) => [id, CONFIGS] as const)),
    reassignments: new Map([['t/3', { adding: [3], removing: [] }]]),
  })
  k.ensemble(ensemble())
  const offsets = {
    current: new Map([1, 3, 4].map((p) => [`t/${p}`, 7])),
    oldest: new Map([1, 3, 4].map((p) => [`t/${p}`, 2])),
  }
  const picture = pictureOf(k.truth, { at: 1000, window: { from: 100, to: 200 } }, offsets)
  if (picture === undefined) throw new Error('not settled')
  return picture
}

describe('the comparison of a whole page', () => {
  const picture = outage()
  const lines = linesOf(picture)

  it('passes a page that is made of the truth', () => {
    expect(lines.length).toBeGreaterThan(120)
    expect(compare(picture, lines)).toEqual([])
  })

  it('has something to say of every family', () => {
    const silent = Object.keys(kafkaFamilies).filter(
      (family) => !lines.some(({ selector }) => selector === family || selector.startsWith(`${family}{`)),
    )
    // KRaft alone has fenced brokers.
    expect(silent).toEqual(['kafka_ha_broker_fenced', 'kafka_ha_access_denied', 'kafka_ha_series_omitted'])
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
    'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="t",partition="3",state="under_min_isr"}',
    'kafka_ha_broker_failure_margin{guarantee="leader",scope="most"}',
    'kafka_ha_broker_awaited_partitions{broker="9"}',
    'kafka_ha_broker_loss_leaderless_partitions{broker="9"}',
    'kafka_ha_broker_loss_unwritable_partitions{broker="9"}',
    'kafka_ha_topic_min_insync_replicas{topic="gone"}',
    'kafka_ha_config_risk{scope="topic",name="gone",risk="rf_one"}',
    'kafka_ha_config_risk{scope="broker",name="2",risk="offsets_topic_rf_one"}',
    'kafka_ha_config_risk{scope="topic",name="t",risk="internal_topic_rf_one"}',
    'kafka_ha_broker_config{broker="9",key="replica.lag.time.max.ms"}',
    'kafka_ha_series_omitted{family="kafka_ha_config_risk"}',
    'kafka_ha_broker_session{broker="2",session="0x9",server="z:2182"}',
    'kafka_ha_broker_session_expiry_timestamp_seconds{broker="2",basis="estimate"}',
    'kafka_ha_quorum_available{kind="kraft"}',
    'kafka_ha_zookeeper_server_state{server="z:9",state="leader"}',
    'kafka_ha_access_denied{resource="topic",operation="describe_configs"}',
  ])('notices the frozen series %s', (selector) => {
    expect(compare(picture, [...lines, { selector, value: 1 }])).toHaveLength(1)
  })
})
