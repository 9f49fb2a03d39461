import { describe, expect, it } from 'vitest'
import type { Ensemble, EnsembleServer } from '../../src/model/ensemble.ts'
import type { KraftQuorum, QuorumAnswer } from '../../src/model/kraft-quorum.ts'
import { judgeKraft, nextKraft, type KraftMemory } from '../../src/verdicts/quorum-kraft.ts'
import { judgeZookeeper, nextZookeeper, type ZookeeperMemory } from '../../src/verdicts/quorum-zookeeper.ts'
import {
  dead,
  described,
  follows,
  idle,
  kraftQuorum,
  leads,
  membership,
  notLeader,
  replica,
  server,
  silent,
  zxid,
} from '../support/coordinators.ts'
import { Prng, seeds } from '../support/prng.ts'

/** Truth of one moment: who lives, who is given to the exporter, who leads. */
interface Truth {
  readonly voters: number
  readonly alive: readonly boolean[]
  /** -1: nobody. */
  readonly leader: number
  readonly epoch: number
}

const majority = (voters: number): number => Math.floor(voters / 2) + 1
const living = ({ alive }: Truth): number => alive.filter(Boolean).length

function next(random: Prng, { voters, alive, leader, epoch }: Truth): Truth {
  const now = alive.map((is) => (random.chance(0.25) ? !is : is))
  const count = now.filter(Boolean).length
  if (count < majority(voters)) return { voters, alive: now, leader: -1, epoch }
  if (leader >= 0 && now[leader] === true && random.chance(0.9)) return { voters, alive: now, leader, epoch }
  // Nobody has won yet, or somebody has, by a new epoch.
  if (random.chance(0.3)) return { voters, alive: now, leader: -1, epoch }
  const able = now.flatMap((is, i) => (is ? [i] : []))
  return { voters, alive: now, leader: able[random.below(able.length)] ?? -1, epoch: epoch + 1 }
}

function ensembleOf(
  random: Prng,
  truth: Truth,
  given: readonly number[],
  tellsSynced: boolean,
  observers: number,
): Ensemble {
  const { alive, leader, epoch, voters } = truth
  const synced = living(truth) - 1
  const state = (i: number): EnsembleServer => {
    if (alive[i] !== true) return dead(random.chance(0.5) ? 'refused' : 'hung')
    if (leader < 0) return random.chance(0.2) ? server('read_only') : idle
    return i === leader ? leads(tellsSynced ? synced : undefined, epoch) : follows(epoch - random.below(3))
  }
  const observing = leader < 0 ? idle : server('observer', { zxid: zxid(epoch, 1) })
  const servers = [
    ...given.map((i): [string, EnsembleServer] => [`zk${i + 1}:2181`, state(i)]),
    ...Array.from({ length: observers }, (_, i): [string, EnsembleServer] => [`zk${voters + i + 1}:2181`, observing]),
  ]
  // A server given may be one of which nothing is known.
  return {
    given: servers.map(([name]) => name),
    servers: new Map(servers.filter((_, i) => i === 0 || !random.chance(0.1))),
    memberships: new Map([['zk1:2181', membership(voters, observers)]]),
  }
}

describe.each(seeds.map((seed) => [seed]))('seed %i', (seed) => {
  it('ZooKeeper: never 1 without a majority that can serve, never 0 while somebody leads one', () => {
    const random = new Prng(seed)
    const voters = 1 + random.below(7)
    const all = Array.from({ length: voters }, (_, i) => i)
    const given = random.chance(0.6) ? all : random.shuffled(all).slice(0, 1 + random.below(voters))
    const tellsSynced = random.chance(0.5)
    const observers = random.below(3)
    let truth: Truth = { voters, alive: all.map(() => true), leader: 0, epoch: 3 }
    let memory: ZookeeperMemory | undefined
    for (let now = 0; now < 100_000; now += 1_000) {
      const found = ensembleOf(random, truth, given, tellsSynced, observers)
      memory = nextZookeeper(memory, found, undefined, now)
      const { available, servingVoters, configuredVoters } = judgeZookeeper(memory, found, now)
      const serves = truth.leader >= 0
      const picture = JSON.stringify({ now, truth, given, tellsSynced, available })
      expect(configuredVoters, picture).toBe(voters)
      if (available === true) expect(serves, picture).toBe(true)
      if (available === false) expect(serves, picture).toBe(false)
      if (servingVoters !== undefined && serves) expect(servingVoters, picture).toBe(living(truth))
      const seesAll = given.length === voters && found.servers.size === found.given.length
      // Whoever sees everybody is not left without an answer.
      if (seesAll && serves) expect(available, picture).toBe(true)
      if (seesAll && living(truth) < majority(voters)) expect(available, picture).toBe(false)
      truth = next(random, truth)
    }
  })

  it('KRaft: the same', () => {
    const random = new Prng(seed)
    const voters = 1 + random.below(7)
    const all = Array.from({ length: voters }, (_, i) => i)
    const given = random.chance(0.6) ? all : random.shuffled(all).slice(0, random.below(voters))
    // Of a quorum that nobody describes the controllers given are taken for all of it.
    const throughBroker = given.length < voters || random.chance(0.5)
    let truth: Truth = { voters, alive: all.map(() => true), leader: 0, epoch: 3 }
    let memory: KraftMemory | undefined
    let unanswered: number | undefined
    for (let now = 0; now < 100_000; now += 1_000) {
      const found = quorumOf(
        random,
        truth,
        given,
        throughBroker,
        (unanswered = truth.leader < 0 ? (unanswered ?? now) : undefined),
      )
      memory = nextKraft(memory, found, true, now)
      const { available, servingVoters } = judgeKraft(memory, found, true, now)
      const serves = truth.leader >= 0
      const picture = JSON.stringify({ now, truth, given, throughBroker, available })
      if (available === true) expect(serves, picture).toBe(true)
      if (available === false) expect(serves, picture).toBe(false)
      if (servingVoters !== undefined && serves) expect(servingVoters, picture).toBe(living(truth))
      if (throughBroker && serves) expect(available, picture).toBe(true)
      if (given.length === voters && living(truth) < majority(voters)) expect(available, picture).toBe(false)
      truth = next(random, truth)
    }
  })
})

function quorumOf(
  random: Prng,
  truth: Truth,
  given: readonly number[],
  throughBroker: boolean,
  since: number | undefined,
): KraftQuorum {
  const { alive, leader, epoch, voters } = truth
  const ids = [leader, ...Array.from({ length: voters }, (_, i) => i).filter((i) => i !== leader)]
  const found = described(
    ids.map((i) =>
      alive[i] === true
        ? replica(i, 100, i === leader ? 0 : random.below(1_000))
        : replica(i, random.chance(0.5) ? -1 : 50, 9_000),
    ),
    epoch,
  )
  const answer = (i: number): QuorumAnswer => {
    if (alive[i] !== true) return silent(0, random.chance(0.5) ? 'refused' : 'timeout')
    return i === leader ? found : notLeader
  }
  const broker = leader >= 0 ? found : silent(since ?? 0)
  return kraftQuorum(given.map(answer), throughBroker ? broker : undefined)
}
