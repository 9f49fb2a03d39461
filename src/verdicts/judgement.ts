import type { Instant } from '../model/instant.ts'
import { prevailingCluster, type Liveness } from '../model/liveness.ts'
import type { View } from '../model/view.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { judgeController, type Controller } from './controller.ts'
import { settledCount, type DisagreementKind } from './disagreements.ts'
import type { History } from './history.ts'
import type { PartitionHealth } from './partition-health.ts'
import { judgeReplication, type Replication } from './replication.ts'

/** What the facts and the history come to at one moment. undefined = nobody can say. */
export interface Judgement {
  /** Any broker or seed answered its last probe. */
  readonly reachable: boolean
  readonly brokers: BrokerVerdicts
  /** undefined in KRaft mode. */
  readonly controller: Controller | undefined
  /** Of the last known topology, however old; undefined before the first. */
  readonly health: PartitionHealth | undefined
  /** Of a topology that is not too old. */
  readonly replication: Replication | undefined
  readonly disagreements: ReadonlyMap<DisagreementKind, number>
}

export function judge(view: View, history: History, now: Instant): Judgement {
  const { liveness, brokers, health, disagreements } = history
  const reachable = liveness !== undefined && anyAnswers(liveness)
  const kinds: readonly DisagreementKind[] = [
    ...(view.topology === undefined ? [] : (['leader', 'topics'] as const)),
    // Where nobody answers, nobody contradicts anybody, and nobody agrees either.
    ...(view.liveness === undefined || !reachable ? [] : (['controller', 'registration'] as const)),
  ]
  const counts = kinds.flatMap((kind): [DisagreementKind, number][] => {
    const count = settledCount(disagreements[kind], now.mono)
    return count === undefined ? [] : [[kind, count]]
  })
  return {
    reachable,
    brokers,
    controller: judgeController(view.roster, liveness, brokers, history.topology?.controllerId),
    health,
    replication: view.topology && judgeReplication(view.topology.value),
    disagreements: new Map(counts),
  }
}

/** A broker of another cluster behind a re-used address is no answer from this one. */
function anyAnswers(liveness: Liveness): boolean {
  const cluster = prevailingCluster(liveness)
  return [...liveness.targets.values()].some((state) => state.up && state.view.clusterId === cluster)
}
