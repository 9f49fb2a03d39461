/** Folds what ZooKeeper's servers say into what is known of the ensemble and of the brokers' sessions. */
import { epochOf } from './words.ts'
import type { ServerWords, Whitelist } from './zookeeper-sampler.ts'

/** For that long an exporter at calm pace shows what has been told: it reads the list of sessions every 10 s, that of connections every minute. */
const RECENT_MS = 13_000
const RECENT_COUNTS_MS = 75_000
/** How much earlier than announced the samplers may miss a session that has expired. */
const EARLY_S = 1

interface Now {
  readonly at: number
  readonly unix: number
}

export interface Expiry {
  /** Unix seconds. */
  readonly expiresAt: number
  /** Drill ms when it was last told so. */
  readonly at: number
}

export interface Held {
  readonly session: string
  /** What was announced lately, newest last. */
  readonly expiries: readonly Expiry[]
}

export interface SessionEnd {
  readonly broker: number
  readonly session: string
  readonly at: number
  /** `closed` = well before its time. */
  readonly how: 'closed' | 'expired'
  /** Seconds after the announced time; undefined where none was announced. */
  readonly late: number | undefined
}

export interface EnsembleTruth {
  readonly whitelist: Whitelist
  /** id -> host:port as clients reach it. */
  readonly addresses: ReadonlyMap<number, string>
  /** The newest words of each server that answers. */
  readonly said: ReadonlyMap<number, ServerWords>
  /** The newest epoch that anybody has told. */
  readonly epoch: number
  /** Broker -> the session of its registration, from the newest `dump` that counts. */
  readonly held: ReadonlyMap<number, Held>
  /** Drill ms of that `dump`; undefined: none yet. */
  readonly dumpedAt: number | undefined
  readonly ends: readonly SessionEnd[]
  /** Session -> where its connection was last seen; forgotten with the server. */
  readonly connections: ReadonlyMap<string, { readonly server: number; readonly timeoutMs: number }>
  /** Server -> how many sessions it carried lately. */
  readonly counts: ReadonlyMap<number, readonly { readonly at: number; readonly count: number }[]>
}

export function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1
}

/**
 * Who leads in its own words and with enough followers. A leader that has just been woken says that it leads while it has
 * no follower in sync, and another epoch may have begun without it.
 */
export function leaderOf({ addresses, said, epoch }: EnsembleTruth): number | undefined {
  const enough = majorityOf(addresses.size)
  return [...said].find(([, { mode, zxid, synced }]) => {
    const isCurrent = zxid !== undefined && epochOf(zxid) >= epoch
    return mode === 'leader' && isCurrent && (synced === undefined || synced + 1 >= enough)
  })?.[0]
}

export class EnsembleKeeper {
  #truth: EnsembleTruth
  /** Session -> how many dumps in a row have missed it: one may be that of a leader which has just begun. */
  readonly #missed = new Map<string, number>()

  constructor(
    servers: readonly { readonly id: number; readonly host: string; readonly port: number }[],
    whitelist: Whitelist = 'all',
  ) {
    this.#truth = {
      whitelist,
      addresses: new Map(servers.map(({ id, host, port }) => [id, `${host}:${port}`])),
      said: new Map(),
      epoch: 0,
      held: new Map(),
      dumpedAt: undefined,
      ends: [],
      connections: new Map(),
      counts: new Map(),
    }
  }

  get truth(): EnsembleTruth {
    return this.#truth
  }

  /** Where no `dump` tells them. */
  register(registrations: ReadonlyMap<number, string>): void {
    const held = [...registrations].map(([broker, session]) => [broker, { session, expiries: [] }] as const)
    this.#truth = { ...this.#truth, held: new Map(held) }
  }

  silent(server: number): void {
    const said = new Map(this.#truth.said)
    said.delete(server)
    const connections = new Map([...this.#truth.connections].filter(([, { server: at }]) => at !== server))
    const counts = new Map(this.#truth.counts)
    counts.delete(server)
    this.#truth = { ...this.#truth, said, connections, counts }
  }

  /** `unix`: seconds, the clock on which sessions end. */
  hear(server: number, words: ServerWords, { at, unix }: Now): void {
    const said = new Map(this.#truth.said).set(server, words)
    // An idle follower repeats an epoch that is over; a newer one than any is told by a leader first.
    const epoch = words.zxid === undefined ? 0 : epochOf(words.zxid)
    this.#truth = { ...this.#truth, said, epoch: Math.max(this.#truth.epoch, epoch) }
    if (words.connections !== undefined) this.#connect(server, words.connections, at)
    if (words.dump !== undefined && leaderOf(this.#truth) === server) this.#dump(words.dump, { at, unix })
  }

  #connect(server: number, listed: NonNullable<ServerWords['connections']>, at: number): void {
    const connections = new Map(this.#truth.connections)
    for (const [session, { server: where }] of connections) if (where === server) connections.delete(session)
    for (const { session, timeoutMs } of listed) connections.set(session, { server, timeoutMs })
    const before = (this.#truth.counts.get(server) ?? []).filter((one) => one.at >= at - RECENT_COUNTS_MS)
    const counts = new Map(this.#truth.counts).set(server, [...before, { at, count: listed.length }])
    this.#truth = { ...this.#truth, connections, counts }
  }

  #dump({ expiries, brokers }: NonNullable<ServerWords['dump']>, now: Now): void {
    const { at } = now
    const held = new Map<number, Held>()
    const ends: SessionEnd[] = []
    for (const [broker, session] of brokers) {
      const expiresAt = expiries.get(session)
      const before = this.#truth.held.get(broker)
      const known = before?.session === session ? before.expiries.filter((one) => one.at >= at - RECENT_MS) : []
      if (before !== undefined && before.session !== session) {
        // A client that was told wrongly that its session had expired leaves it behind: it is listed until it has.
        ends.push({ ...endOf(broker, before, now), ...(expiries.has(before.session) && { how: 'expired' as const }) })
      }
      const older = known.filter((one) => one.expiresAt !== expiresAt)
      held.set(broker, { session, expiries: expiresAt === undefined ? known : [...older, { expiresAt, at }] })
      this.#missed.delete(session)
    }
    for (const [broker, before] of this.#truth.held) {
      if (brokers.has(broker)) continue
      const missed = (this.#missed.get(before.session) ?? 0) + 1
      this.#missed.set(before.session, missed)
      if (missed === 1) held.set(broker, before)
      else ends.push(endOf(broker, before, now))
    }
    this.#truth = { ...this.#truth, held, dumpedAt: at, ends: [...this.#truth.ends, ...ends] }
  }
}

function endOf(broker: number, { session, expiries }: Held, { at, unix }: Now): SessionEnd {
  const last = expiries.at(-1)?.expiresAt
  const late = last === undefined ? undefined : unix - last
  return { broker, session, at, how: late !== undefined && late >= -EARLY_S ? 'expired' : 'closed', late }
}
