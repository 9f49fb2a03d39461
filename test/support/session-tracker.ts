import type { Instant } from '../../src/model/instant.ts'
import type { SessionDump } from '../../src/model/sessions.ts'
import type { Prng } from './prng.ts'

const epochStart = Date.UTC(2026, 10, 22, 12)
export const instant = (ms: number): Instant => ({ mono: ms, wall: epochStart + ms })

interface Tracked {
  readonly broker: number
  expiresAt: number
  pingedAt: number
  isAlive: boolean
}

/** ZooKeeper's session tracker: expiry rounded up to the tick, renewed by pings, armed anew by every new leader. */
export class SessionTracker {
  readonly timeoutMs: number
  readonly tickMs: number
  epoch = 1
  leader = 'zk1:2181'
  /** ms from which on nobody leads, and until when. */
  #outage: { readonly from: number; readonly to: number } | undefined
  /** A leader that was paused: until `to` it says that it leads an epoch that is over, and lists nothing. */
  liar: { readonly from: number; readonly to: number; readonly epoch: number; readonly server: string } | undefined
  readonly sessions = new Map<string, Tracked>()
  /** What really happened. */
  readonly ends: { readonly broker: number; readonly session: string; readonly kind: 'closed' | 'expired' }[] = []
  #next = 1
  readonly #random: Prng

  constructor(random: Prng, timeoutMs: number, tickMs: number) {
    this.#random = random
    this.timeoutMs = timeoutMs
    this.tickMs = tickMs
  }

  leads(now: number): boolean {
    return this.#outage === undefined || now < this.#outage.from || now >= this.#outage.to
  }

  opens(broker: number, now: number): void {
    const session = `0x1000000000000${(this.#next++).toString(16).padStart(3, '0')}`
    this.sessions.set(session, { broker, expiresAt: this.#bucket(now), pingedAt: now, isAlive: true })
  }

  of(broker: number): string | undefined {
    return [...this.sessions].find(([, each]) => each.broker === broker)?.[0]
  }

  closes(broker: number): void {
    const session = this.of(broker)
    if (session === undefined) return
    this.sessions.delete(session)
    this.ends.push({ broker, session, kind: 'closed' })
  }

  dies(broker: number): void {
    for (const each of this.sessions.values()) if (each.broker === broker) each.isAlive = false
  }

  isAlive(broker: number): boolean {
    return [...this.sessions.values()].some((each) => each.broker === broker && each.isAlive)
  }

  /** The leader is gone, or paused: for a while nobody leads, then another server does, and arms every session anew. */
  changesLeader(now: number, forMs: number, isPaused: boolean): void {
    this.#outage = { from: now, to: now + forMs }
    if (isPaused) {
      const from = now + forMs + this.#random.below(10_000)
      this.liar = { from, to: from + this.#random.below(this.tickMs), epoch: this.epoch, server: this.leader }
    }
  }

  passes(now: number): void {
    if (this.#outage !== undefined && now >= this.#outage.to) {
      this.#outage = undefined
      this.epoch++
      this.leader = this.leader === 'zk1:2181' ? 'zk2:2181' : 'zk1:2181'
      for (const each of this.sessions.values()) each.expiresAt = this.#bucket(now)
    }
    if (!this.leads(now)) return
    for (const [session, each] of this.sessions) {
      if (each.isAlive && now - each.pingedAt >= this.timeoutMs / 3) {
        each.pingedAt = now
        each.expiresAt = this.#bucket(now)
      }
      if (each.expiresAt > now) continue
      this.sessions.delete(session)
      this.ends.push({ broker: each.broker, session, kind: 'expired' })
    }
  }

  dump(now: number, isLie = false): SessionDump {
    const listed = isLie ? [] : [...this.sessions]
    return {
      at: instant(now),
      server: isLie ? (this.liar?.server ?? '') : this.leader,
      epoch: isLie ? this.liar?.epoch : this.epoch,
      errorMs: 500,
      sessions: new Map(
        listed.map(([session, { broker, expiresAt }]) => {
          const printed = Math.floor(expiresAt / 1_000) * 1_000 + 500
          return [session, { broker, ephemerals: 1, expiresAt: epochStart + printed }]
        }),
      ),
    }
  }

  #bucket(now: number): number {
    return (Math.floor((now + this.timeoutMs) / this.tickMs) + 1) * this.tickMs
  }
}
