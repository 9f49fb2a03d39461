/** Settings that decide failovers, and the ones among them that are a risk. */
import { ANY, type Wanted } from './compare.ts'
import { type Table } from './expected.ts'
import { partitionsOf, type Picture } from './picture.ts'

/** At least these; any other numeric setting may be shown too, with the value the broker itself tells. */
const NEEDED: readonly string[] = ['replica.lag.time.max.ms']
const NEEDED_WITH_ZOOKEEPER: readonly string[] = ['zookeeper.session.timeout.ms', ...NEEDED]
const INTERNAL: readonly string[] = ['__consumer_offsets', '__transaction_state']

function brokerConfigs({ asked, down, view, voters }: Picture): readonly Wanted[] {
  if (view === undefined) return []
  const needed = voters === undefined ? NEEDED_WITH_ZOOKEEPER : NEEDED
  return [...asked.brokers].flatMap(([id, configs]) =>
    [...configs].flatMap(([key, text]): readonly Wanted[] => {
      const value = Number(text)
      if (text === '' || Number.isNaN(value)) return []
      return [{ labels: { broker: String(id), key }, value, optional: down.has(id) || !needed.includes(key) }]
    }),
  )
}

function topicRisks(picture: Picture, topic: string): readonly Wanted[] {
  const config = picture.asked.topics.get(topic)
  const factors = partitionsOf(picture)
    .filter((said) => said.topic === topic)
    .map(({ replicas }) => replicas.length)
  const least = Math.min(...factors)
  const risk = (name: string, when: boolean, optional = false): readonly Wanted[] =>
    when ? [{ labels: { scope: 'topic', name: topic, risk: name }, value: 1, optional }] : []
  const isInternal = INTERNAL.includes(topic)
  return [
    ...risk('rf_one', least === 1, isInternal),
    ...risk('internal_topic_rf_one', least === 1 && isInternal),
    // With one replica it says nothing that rf_one does not.
    ...risk('min_isr_equals_rf', config !== undefined && config.minIsr >= least, least === 1),
    ...risk('unclean_election_enabled', config?.unclean === true),
  ]
}

/** Settings of a broker that make a topic it creates a single point of failure, at the value 1. */
const SINGLE: Readonly<Record<string, string>> = {
  'default.replication.factor': 'default_rf_one',
  'offsets.topic.replication.factor': 'offsets_topic_rf_one',
  'transaction.state.log.replication.factor': 'transaction_log_rf_one',
  'transaction.state.log.min.isr': 'transaction_log_min_isr_one',
}

function brokerRisks({ asked, down }: Picture): readonly Wanted[] {
  return [...asked.brokers].flatMap(([id, configs]) =>
    Object.entries(SINGLE)
      .filter(([key]) => configs.get(key) === '1')
      .map(([, risk]) => ({ labels: { scope: 'broker', name: String(id), risk }, value: 1, optional: down.has(id) })),
  )
}

/** What is said of the cluster as a whole is the unit tests' part. */
function risks(picture: Picture): readonly Wanted[] {
  if (picture.view === undefined) return []
  const topics = [...picture.view.topics].flatMap((topic) => topicRisks(picture, topic))
  return [
    ...topics.map((want) => (picture.aged ? { ...want, optional: true } : want)),
    ...brokerRisks(picture),
    { labels: { scope: 'cluster', name: ANY, risk: ANY }, value: 1, many: true },
  ]
}

/** No drill has ACLs. */
const nothingDenied = (): readonly Wanted[] => {
  return [{ labels: { resource: ANY, operation: ANY }, value: 0, many: true }]
}

export const configFamilies: Table = {
  kafka_ha_broker_config: brokerConfigs,
  kafka_ha_config_risk: risks,
  kafka_ha_access_denied: nothingDenied,
}
