import type { State } from '../store.ts'
import type { Loss } from '../verdicts/margins.ts'
import { aggregation, gauge, perBroker, type Family, type Row } from './family.ts'

const scopes = ['all', 'redundant'] as const
const nothingLost: Loss = { leaderless: 0, unwritable: 0 }

/** How many more failures are survived, and whose would hurt. */
export const marginFamilies: readonly Family[] = [
  gauge(
    'kafka_ha_broker_failure_margin',
    `Broker failures tolerated now in the worst case, with every partition keeping a leader (leader) or taking acks=all writes (acks_all); negative: lost already; at most 0 while nothing fails over. redundant leaves out partitions that tolerate no loss even with a full ISR. ${aggregation.available}`,
    ['guarantee', 'scope'],
    function* ({ judgement: { margins } }): Iterable<Row> {
      if (margins === undefined) return
      for (const [guarantee, margin] of [['leader', margins.leader] as const, ['acks_all', margins.acksAll] as const]) {
        for (const scope of scopes) {
          const value = margin[scope]
          if (value !== undefined) yield { labels: `guarantee="${guarantee}",scope="${scope}"`, value }
        }
      }
    },
  ),
  loss(
    'kafka_ha_broker_loss_leaderless_partitions',
    'Partitions that would be left without a leader, besides those that are, if this broker were lost now.',
    ({ leaderless }) => leaderless,
  ),
  loss(
    'kafka_ha_broker_loss_unwritable_partitions',
    'Partitions that would refuse acks=all writes, besides those that do, if this broker were lost now.',
    ({ unwritable }) => unwritable,
  ),
  gauge(
    'kafka_ha_broker_awaited_partitions',
    `Leaderless partitions that come back without loss with this broker: it is in their last ISR, or with KRaft from Kafka 4.0 an eligible leader replica (the last known one where there is none). Start it first. ${aggregation.kafkaSays}`,
    ['broker'],
    ({ view, judgement: { awaited } }) =>
      awaited === undefined ? [] : perBroker(view.roster, (_, id) => awaited.get(id) ?? 0),
  ),
]

function loss(name: string, help: string, pick: (loss: Loss) => number | undefined): Family {
  return gauge(name, `${help} ${aggregation.reach}`, ['broker'], ({ view, judgement: { margins } }: State) => {
    if (margins === undefined) return []
    const none = margins.complete ? nothingLost : { ...nothingLost, unwritable: undefined }
    return perBroker(view.roster, (_, id) => pick(margins.losses.get(id) ?? none))
  })
}
