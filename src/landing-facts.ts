import { logsFacts } from './landing-logs.ts'
import { addressText } from './model/address.ts'
import { decidesFailover, type State } from './store.ts'
import type { LandingFacts } from './web/contract.ts'

/** The state as the landing page tells it. */
export function landingFacts(state: State, version: string): LandingFacts {
  const { at, view, judgement, history, sources } = state
  const { health, margins } = judgement
  const judged = health?.unjudged === 0 ? health : undefined
  const looked = sources.get('liveness')?.up !== undefined
  const down = [...judgement.brokers].flatMap(([id, verdict]) => {
    const address = view.roster.get(id)?.address
    if (verdict.state !== 'down') return []
    return [{ id, address: address && addressText(address), reason: verdict.reason ?? 'no address known' }]
  })
  return {
    version,
    now: at.wall,
    cluster: { reachable: looked ? judgement.reachable : undefined, id: history.topology?.clusterId },
    brokers:
      history.topology === undefined
        ? undefined
        : {
            expected: judgement.brokers.size,
            up: [...judgement.brokers.values()].filter(({ state }) => state === 'up').length,
            down,
          },
    partitions: {
      total: view.topology?.value.partitions.layout.partition.length,
      leaderless: view.topology && health?.leaderless,
      unreachableLeader: judged?.unreachableLeader,
      unavailable: judged && judged.leaderless + judged.unreachableLeader,
      underReplicated: judgement.underReplicated,
      underMinIsr: judgement.replication?.underMinIsr,
      unreachableIsr: health?.unreachableIsr,
    },
    quorums: [...judgement.quorums].map(([kind, { available, servingVoters, configuredVoters, majority }]) => ({
      kind,
      available,
      serving: servingVoters,
      voters: configuredVoters,
      majority,
      decides: decidesFailover(state, kind),
    })),
    margin: margins && { leader: margins.leader.all, acksAll: margins.acksAll.all },
    awaited: [...(judgement.awaited ?? [])]
      .filter(([id]) => judgement.brokers.get(id)?.state !== 'up')
      .map(([id, partitions]) => ({ id, partitions })),
    logs: view.logs && logsFacts(view.logs.value),
    sources: [...sources.values()].map(({ name, up, lastSuccess }) => ({ name, up, lastSuccess: lastSuccess?.wall })),
  }
}
