import { ANY, type Wanted } from './compare.ts'
import { partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

type Expected = (picture: Picture) => readonly Wanted[]

const MAX_AGES: Readonly<Record<string, number>> = { liveness: 5, topology: 15, offsets: 15 }

/** Calm pace and deadline of the slowest, rounded up. */
const SLOWEST_LOOK_S = 10

function known(picture: Picture): boolean {
  return picture.view !== undefined && !picture.aged
}

/** Configured brokers have no id before one has answered; then: all registered or named in a replica list. */
function expectedBrokers(picture: Picture): readonly number[] {
  if (picture.view === undefined) return []
  const replicas = partitionsOf(picture).flatMap((said) => said.replicas)
  return [...new Set([...picture.addresses.keys(), ...picture.view.registered.keys(), ...replicas])]
}

function eachBroker(value: (broker: number, picture: Picture) => Wanted['value'], always = false): Expected {
  return (picture) => {
    if (!always && !known(picture)) return []
    return expectedBrokers(picture).map((id) => ({ labels: { broker: String(id) }, value: value(id, picture) }))
  }
}

function brokerPartitions(counts: (broker: number, said: PartitionView) => boolean): Expected {
  return eachBroker((id, picture) => partitionsOf(picture).filter((said) => counts(id, said)).length)
}

function controllerViews({ controllers }: Picture): ReadonlyMap<number, number> {
  const views = new Map<number, number>()
  for (const named of controllers.values()) if (named !== -1) views.set(named, (views.get(named) ?? 0) + 1)
  return views
}

/** The id most answering brokers name; several when they are even. */
function controllerIds(picture: Picture): readonly number[] {
  const views = [...controllerViews(picture)]
  const most = Math.max(0, ...views.map(([, votes]) => votes))
  return most === 0 ? [-1] : views.filter(([, votes]) => votes === most).map(([id]) => id)
}

function controllerUp(picture: Picture): readonly number[] {
  const up = controllerIds(picture).some((id) => id !== -1 && !picture.down.has(id))
  // Without a quorum nobody controls anything, but only the quorum's own sources can know that.
  return up ? (picture.zookeeperQuorum ? [1] : [0, 1]) : [0]
}

/** That nobody answers is what a liveness look is for; of the others it brings nothing. */
function sourceUp({ view, down, addresses }: Picture): readonly Wanted[] {
  const anyUp = down.size < addresses.size
  return Object.keys(MAX_AGES).map((source) => ({
    labels: { source },
    value: anyUp || source === 'liveness' ? 1 : 0,
    optional: view === undefined,
  }))
}

/** A source that works has looked a moment ago; one that does not shows when it last did, if ever. */
function lastSuccess({ view, down, addresses, window }: Picture): readonly Wanted[] {
  const from = down.size < addresses.size ? window.to - SLOWEST_LOOK_S : window.from
  return Object.keys(MAX_AGES).map((source) => {
    return { labels: { source }, value: { from, to: window.to }, optional: view === undefined }
  })
}

function durations({ view }: Picture): readonly Wanted[] {
  return Object.keys(MAX_AGES).map((source) => {
    return { labels: { source }, value: { from: 0, to: SLOWEST_LOOK_S }, optional: view === undefined }
  })
}

function disagreements(picture: Picture): readonly Wanted[] {
  const twoControllers = controllerViews(picture).size > 1
  return ['leader', 'controller', 'registration', 'quorum', 'topics'].map((kind) => {
    const labels = { kind }
    if (kind === 'controller' && twoControllers) return { labels, value: { from: 1, to: Infinity } }
    // In a split, what else the zombie claims differently is for the scenario to say.
    return { labels, value: picture.split ? { from: 0, to: Infinity } : 0, optional: true }
  })
}

export const clusterFamilies: Readonly<Record<string, Expected>> = {
  kafka_brokers: (picture) => (known(picture) ? [{ labels: {}, value: picture.view?.registered.size ?? NaN }] : []),
  kafka_broker_info: (picture) =>
    known(picture)
      ? [...(picture.view?.registered ?? [])].map(([id, address]) => ({
          labels: { id: String(id), address },
          value: 1,
        }))
      : [],
  kafka_ha_cluster_info: (picture) =>
    known(picture)
      ? [{ labels: { cluster_id: picture.view?.clusterId ?? '', mode: 'zookeeper', version: ANY }, value: 1 }]
      : [],
  kafka_ha_cluster_reachable: ({ down, addresses }) => [{ labels: {}, value: Number(down.size < addresses.size) }],
  kafka_ha_bootstrap_up: ({ addresses, down }) =>
    [...addresses].map(([id, address]) => ({ labels: { address }, value: Number(!down.has(id)) })),
  kafka_ha_broker_expected: eachBroker(() => 1, true),
  kafka_ha_broker_registered: eachBroker((id, { view }) => Number(view?.registered.has(id) ?? false)),
  kafka_ha_broker_up: eachBroker((id, { down }) => Number(!down.has(id)), true),
  kafka_ha_broker_down_reason: (picture) =>
    expectedBrokers(picture).flatMap((id) => {
      const reasons = picture.down.get(id)
      return reasons === undefined ? [] : [{ labels: { broker: String(id), reason: reasons }, value: 1 }]
    }),
  kafka_ha_broker_leaders: brokerPartitions((id, said) => said.leader === id),
  kafka_ha_broker_replicas: brokerPartitions((id, said) => said.replicas.includes(id)),
  kafka_ha_broker_in_sync_replicas: brokerPartitions((id, said) => said.isr.includes(id)),
  kafka_ha_controller_id: (picture) => [
    // With nobody answering none is named (-1) and none is known (absent): the contract allows both readings.
    { labels: {}, value: controllerIds(picture), optional: picture.controllers.size === 0 },
  ],
  kafka_ha_controller_up: (picture) => [{ labels: {}, value: controllerUp(picture) }],
  kafka_ha_controller_views: (picture) =>
    [...controllerViews(picture)].map(([id, value]) => ({ labels: { controller: String(id) }, value })),
  kafka_ha_source_up: sourceUp,
  kafka_ha_source_last_success_timestamp_seconds: lastSuccess,
  kafka_ha_source_duration_seconds: durations,
  kafka_ha_source_max_age_seconds: () =>
    Object.entries(MAX_AGES).map(([source, value]) => ({ labels: { source }, value })),
  kafka_ha_source_disagreements: disagreements,
  kafka_ha_exporter_build_info: () => [{ labels: { version: ANY, revision: ANY, node: ANY }, value: 1 }],
}
