/** What the coordinators can still do, and in which state each ZooKeeper server is. */
import type { Range, Wanted, WantedValue } from './compare.ts'
import { activeWords } from './coordinators/controllers.ts'
import { isBlind } from './families-cluster.ts'
import { isUnitDead } from './truth.ts'
import { majorityOf } from './coordinators/ensemble.ts'
import type { QuorumTruth } from './coordinators/quorums.ts'
import type { Expected, Table } from './expected.ts'
import type { Picture } from './picture.ts'

function eachQuorum(value: (quorum: QuorumTruth) => WantedValue | undefined): Expected {
  return (picture) =>
    picture.quorums.flatMap((quorum): readonly Wanted[] => {
      const wanted = value(quorum)
      return wanted === undefined ? [] : [{ labels: { kind: quorum.kind }, value: wanted, optional: isBlind(picture) }]
    })
}

function exactly({ from, to }: Range): WantedValue {
  return from === to ? from : { from, to }
}

function lessMajority({ serving: { from, to }, voters }: QuorumTruth): WantedValue {
  const majority = majorityOf(voters)
  return exactly({ from: from - majority, to: to - majority })
}

function available({ available: is }: QuorumTruth): WantedValue {
  return is === undefined ? [0, 1] : Number(is)
}

/** Told while somebody leads; an exporter may go on telling the newest one that there was. */
function epochs({ quorums, ensemble }: Picture): readonly Wanted[] {
  return quorums.map(({ kind, epoch }) => {
    const value: WantedValue = epoch ?? { from: 0, to: ensemble?.epoch ?? Infinity }
    return { labels: { kind }, value, optional: epoch === undefined }
  })
}

/** Which server has which id only `conf` tells where all servers are on one host; that nobody leads can be told all the same. */
function leaderIds({ quorums, ensemble }: Picture): readonly Wanted[] {
  return quorums.map(({ kind, leaders, available: is }) => {
    const optional = kind === 'zookeeper' && ensemble?.whitelist === 'default' && is !== false
    return { labels: { kind }, value: leaders, optional }
  })
}

const STATES = ['leader', 'follower', 'observer', 'standalone', 'read_only', 'not_serving', 'unreachable', 'hung']

/** A process that is stopped (SIGSTOP) accepts connections; a cable that is out gives none, and none of the open ones answers. */
const OF_THE_DEAD: Readonly<Record<string, readonly string[]>> = {
  stopped: ['unreachable'],
  paused: ['hung'],
  cut: ['unreachable', 'hung'],
}

/** Undefined: nothing can be said of it, it is starting or stopping. */
function statesOf({ zookeepers, ensemble }: Picture, id: number): readonly string[] | undefined {
  const dead = OF_THE_DEAD[zookeepers.get(id) ?? '']
  if (dead !== undefined) return dead
  const mode = zookeepers.get(id) === 'up' ? ensemble?.said.get(id)?.mode : undefined
  return mode === undefined ? undefined : [mode]
}

function serverStates(picture: Picture): readonly Wanted[] {
  return [...(picture.ensemble?.addresses ?? [])].flatMap(([id, server]) => {
    const admissible = statesOf(picture, id)
    return STATES.map((state): Wanted => {
      const may = admissible?.includes(state) ?? true
      const must = may && admissible?.length === 1
      return { labels: { server, state }, value: must ? 1 : may ? [0, 1] : 0 }
    })
  })
}

/** Up is who serves: a server that answers without a quorum is of no use to anybody, though it says so politely. */
function serversUp(picture: Picture): readonly Wanted[] {
  return [...(picture.ensemble?.addresses ?? [])].map(([id, server]) => {
    const states = statesOf(picture, id) ?? []
    const serves = states.some((state) => ['leader', 'follower'].includes(state))
    const isOut = states.length > 0 && states.every((state) => ['unreachable', 'hung', 'not_serving'].includes(state))
    return { labels: { zk_host: server }, value: serves ? 1 : isOut ? 0 : [0, 1] }
  })
}

/** 0 of whoever answers and does not lead; nothing of the dead. */
function leading(picture: Picture): readonly Wanted[] {
  return [...(picture.ensemble?.addresses ?? [])].flatMap(([id, server]): readonly Wanted[] => {
    const states = statesOf(picture, id)
    const labels = { zk_host: server }
    if (states === undefined) return [{ labels, value: [0, 1], optional: true }]
    if (states.every((state) => ['unreachable', 'hung'].includes(state))) return []
    return [{ labels, value: Number(states.includes('leader')) }]
  })
}

/**
 * The quorum appends twice a second, so that whoever is alive is a look behind at most. Who is dead falls behind; brokers beside the controllers
 * are observers, and remain in the description for five minutes.
 */
function controllerLags({ controllersSay, voterStates, coordinated, down }: Picture): readonly Wanted[] {
  const active = controllersSay === undefined || coordinated === false ? undefined : activeWords(controllersSay)
  return [...(active?.voters ?? []), ...(active?.observers ?? [])].map(({ id, logEndOffset }) => {
    const isAlive = voterStates.has(id) ? !isUnitDead(voterStates.get(id)) : !down.has(id)
    const value = { from: 0, to: isAlive ? 50 : Infinity }
    return { labels: { kind: 'kraft', member: String(id) }, value, optional: logEndOffset < 0 || coordinated !== true }
  })
}

/** Transactions behind the leader, of a cluster that nobody writes to but its own brokers. An idle follower repeats an old epoch. */
function lags(picture: Picture): readonly Wanted[] {
  return picture.quorums.flatMap(({ kind, available: is }): readonly Wanted[] => {
    if (kind === 'kraft') return controllerLags(picture)
    const members = is === false ? [] : [...(picture.ensemble?.addresses ?? [])]
    return members.map(([id, server]) => {
      return { labels: { kind, member: [String(id), server] }, value: { from: 0, to: 1000 }, optional: true }
    })
  })
}

export const quorumFamilies: Table = {
  kafka_ha_quorum_configured_voters: eachQuorum(({ voters }) => voters),
  kafka_ha_quorum_majority: eachQuorum(({ voters }) => majorityOf(voters)),
  kafka_ha_quorum_serving_voters: eachQuorum(({ serving }) => exactly(serving)),
  kafka_ha_quorum_failure_margin: eachQuorum(lessMajority),
  kafka_ha_quorum_available: eachQuorum(available),
  kafka_ha_quorum_leader_id: leaderIds,
  kafka_ha_quorum_epoch: epochs,
  kafka_ha_quorum_member_lag: lags,
  kafka_ha_zookeeper_server_state: serverStates,
  zk_up: serversUp,
  zk_server_leader: leading,
}
