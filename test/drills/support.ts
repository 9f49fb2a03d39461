import { parseExposition } from '../../testbed/drills/exposition.ts'
import { Metrics } from '../../testbed/drills/metrics.ts'
import type { Moment } from '../../testbed/drills/moment.ts'
import { TruthKeeper } from '../../testbed/drills/truth-keeper.ts'
import type { UnitState } from '../../testbed/drills/truth.ts'
import { viewOf, type BrokerView } from '../../testbed/drills/view.ts'

export type Said = readonly [leader: number, replicas: readonly number[], isr?: readonly number[], leaderEpoch?: number]

/** What a broker says: partitions of topic `t` as [leader, replicas, isr, leader epoch]. */
export function view(
  partitions: readonly Said[],
  more: { ids?: readonly number[]; controller?: number } = {},
): BrokerView {
  const { ids = [1, 2, 3], controller = 1 } = more
  return viewOf({
    brokers: ids.map((nodeId) => ({ nodeId, host: 'h', port: 9090 + nodeId })),
    clusterId: 'c',
    controllerId: controller,
    topicMetadata: [
      {
        topic: 't',
        partitionMetadata: partitions.map(([leader, replicas, isr = replicas, leaderEpoch = 0], partitionId) => {
          return { partitionId, leader, leaderEpoch, replicas, isr }
        }),
      },
    ],
  })
}

export function keeper(state: UnitState = 'up'): TruthKeeper {
  const brokers = [1, 2, 3].map((id) => ({ id, address: `h:${9090 + id}` }))
  return new TruthKeeper(brokers, [1, 2, 3], () => state)
}

/** Gauges without HELP: `up{broker="1"} 0`. */
export function scrape(...lines: readonly string[]): Metrics {
  const families = new Map<string, string[]>()
  for (const line of lines) {
    const family = /^\w+/.exec(line)?.[0] ?? ''
    families.set(family, [...(families.get(family) ?? []), line])
  }
  const page = [...families].map(([family, samples]) => `# TYPE ${family} gauge\n${samples.join('\n')}\n`)
  return new Metrics(parseExposition(page.join('')))
}

const MORE = { sides: new Map(), writes: new Map(), silences: [] }

export function moment(at: number, parts: Partial<Moment> = {}): Moment {
  const cause = parts.metrics === undefined ? 'truth' : 'scrape'
  return {
    at,
    unix: at / 1000,
    cause,
    truth: keeper().truth,
    metrics: undefined,
    acts: new Map(),
    names: new Map(),
    ...MORE,
    ...parts,
  }
}
