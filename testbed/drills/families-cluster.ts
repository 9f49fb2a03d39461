import { ANY, type Wanted } from './compare.ts'
import { eachBroker, expectedBrokers, isKnown, type Expected, type Table } from './expected.ts'
import { partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

function brokerPartitions(counts: (broker: number, said: PartitionView) => boolean): Expected {
  return eachBroker((id, picture) => partitionsOf(picture).filter((said) => counts(id, said)).length)
}

function controllerViews({ controllers, voters }: Picture): ReadonlyMap<number, number> {
  const views = new Map<number, number>()
  if (voters !== undefined) return views
  for (const named of controllers.values()) if (named !== -1) views.set(named, (views.get(named) ?? 0) + 1)
  return views
}

/** The id most answering brokers name; several when they are even. With KRaft who leads the quorum. */
function controllerIds(picture: Picture): readonly number[] {
  if (picture.voters !== undefined) return picture.quorums.find(({ kind }) => kind === 'kraft')?.leaders ?? [-1]
  const views = [...controllerViews(picture)]
  const most = Math.max(0, ...views.map(([, votes]) => votes))
  return most === 0 ? [-1] : views.filter(([, votes]) => votes === most).map(([id]) => id)
}

/** Several while the members of the quorum have not noticed that it is lost. */
export function controllerUp(picture: Picture): readonly number[] {
  const isKraft = picture.voters !== undefined
  const up = controllerIds(picture).some((id) => id !== -1 && (isKraft || !picture.down.has(id)))
  // Without a quorum nobody controls anything.
  const { coordinated } = picture
  return !up || coordinated === false ? [0] : coordinated === true ? [1] : [0, 1]
}

/** Controllers that nobody told it of: while the quorum is lost the brokers, too, wait for an answer. */
export function isBlind({ voters, coordinated }: Picture): boolean {
  return voters?.given === false && coordinated !== true
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

export const clusterFamilies: Table = {
  kafka_brokers: (picture) => (isKnown(picture) ? [{ labels: {}, value: picture.view?.registered.size ?? NaN }] : []),
  kafka_broker_info: (picture) =>
    isKnown(picture)
      ? [...(picture.view?.registered ?? [])].map(([id, address]) => ({
          labels: { id: String(id), address },
          value: 1,
        }))
      : [],
  kafka_ha_cluster_info: (picture) =>
    isKnown(picture)
      ? [
          {
            labels: {
              cluster_id: picture.view?.clusterId ?? '',
              mode: picture.voters === undefined ? 'zookeeper' : 'kraft',
              version: ANY,
            },
            value: 1,
          },
        ]
      : [],
  kafka_ha_cluster_reachable: ({ down, addresses }) => [{ labels: {}, value: Number(down.size < addresses.size) }],
  kafka_ha_bootstrap_up: ({ addresses, down }) =>
    [...addresses].map(([id, address]) => ({ labels: { address }, value: Number(!down.has(id)) })),
  kafka_ha_broker_expected: eachBroker(() => 1, true),
  kafka_ha_broker_registered: eachBroker((id, { view }) => Number(view?.registered.has(id) ?? false)),
  // Only brokers of 4.x tell, of KRaft; who starts or has just gone may be called either.
  kafka_ha_broker_fenced: (picture) =>
    picture.voters === undefined
      ? []
      : expectedBrokers(picture).map((id) => {
          const isHere = !picture.down.has(id) && (picture.view?.registered.has(id) ?? false)
          return { labels: { broker: String(id) }, value: isHere ? 0 : [0, 1], optional: true }
        }),
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
    // Through brokers alone nobody can say that nobody leads.
    { labels: {}, value: controllerIds(picture), optional: picture.controllers.size === 0 || isBlind(picture) },
  ],
  kafka_ha_controller_up: (picture) => [{ labels: {}, value: controllerUp(picture) }],
  kafka_ha_controller_views: (picture) =>
    [...controllerViews(picture)].map(([id, value]) => ({ labels: { controller: String(id) }, value })),
  kafka_ha_source_disagreements: disagreements,
  kafka_ha_exporter_build_info: () => [{ labels: { version: ANY, revision: ANY, node: ANY }, value: 1 }],
}
