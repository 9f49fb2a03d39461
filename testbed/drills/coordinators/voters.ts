import type { Cluster } from '../../types.ts'

/** The members of a KRaft quorum as the drill acts on them. */
export interface Voters {
  /** Unit (`kafka1`, `controller1`) -> voter id. */
  readonly units: ReadonlyMap<string, number>
  /** Whether the exporter was told where they are; otherwise it can ask brokers only. */
  readonly given: boolean
}

/** Undefined for a cluster with ZooKeeper. */
export function votersOf({ mode, roles, controllers }: Cluster, given: boolean): Voters | undefined {
  if (mode !== 'kraft') return undefined
  const role = roles.includes('controller') ? 'controller' : 'kafka'
  return { units: new Map(controllers.map(({ id }, index) => [`${role}${index + 1}`, id])), given }
}

/** The node on which the voter lives. */
export function nodeOf({ units }: Voters, voter: number): number {
  const unit = [...units].find(([, id]) => id === voter)?.[0] ?? ''
  return Number(/\d+$/.exec(unit)?.[0])
}
