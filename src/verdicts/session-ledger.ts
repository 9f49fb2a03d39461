import type { Configs } from '../model/configs.ts'
import type { Instant } from '../model/instant.ts'
import type { Announced, BrokerSession } from './broker-session.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { endKind, type EndKind } from './session-end.ts'
import { silentMs, type Answerings } from './silence.ts'
import { unledMs, type Unled } from './unled.ts'

export interface SessionEnd {
  readonly broker: number
  readonly session: string
  readonly kind: EndKind
  /** When it was first not found. */
  readonly at: Instant
  readonly announced: Announced | undefined
}

export interface Ends {
  /** Broker -> ends since this process started. */
  readonly counts: ReadonlyMap<number, Readonly<Record<EndKind, number>>>
  /** Sessions whose end was counted, and when; the newest of them. */
  readonly counted: ReadonlySet<string>
  /** The newest few, oldest first. */
  readonly newest: readonly SessionEnd[]
}

export const noEnds = { closed: 0, expired: 0 } as const

const mostCounted = 1_000
const mostNewest = 50
/** A server that lags behind may list a session for this long after its end. */
const lagMs = 5_000

export interface EndContext {
  readonly answerings: Answerings
  readonly unled: Unled | undefined
  readonly brokers: BrokerVerdicts
  readonly configs: Configs | undefined
}

/** Counts each session's end once, whoever tells of it and however often. */
export class SessionLedger {
  #ends: Ends
  readonly #context: EndContext

  constructor(ends: Ends, context: EndContext) {
    this.#ends = ends
    this.#context = context
  }

  get ends(): Ends {
    return this.#ends
  }

  /** Whether a sighting is only the shadow of a session that has just ended. */
  isOver(session: string, at: Instant): boolean {
    const ended = this.#ends.newest.find((each) => each.session === session)
    return ended !== undefined && at.mono - ended.at.mono < lagMs
  }

  count(broker: number, { session, announced, timeoutMs }: BrokerSession, at: Instant, isGivenUp = false): void {
    const { counts, counted, newest } = this.#ends
    if (counted.has(session)) return
    const { answerings, unled, brokers } = this.#context
    const timeout = timeoutMs ?? configuredTimeout(this.#context.configs, broker)
    // One that this exporter never heard of has never answered it.
    const isDown = (brokers.get(broker)?.state ?? 'down') === 'down'
    const kind = endKind({
      isGivenUp,
      endedAt: at.wall,
      announced: announced && { ...announced, askedAt: announced.at.wall },
      timeoutMs: timeout,
      unledMs: unledMs(unled, at.mono),
      silentMs: silentMs(answerings.get(broker), isDown, at.mono, timeout ?? 0),
    })
    const was = counts.get(broker) ?? noEnds
    this.#ends = {
      counts: new Map([...counts, [broker, { ...was, [kind]: was[kind] + 1 }]]),
      counted: new Set([...[...counted].slice(1 - mostCounted), session]),
      newest: [...newest.slice(1 - mostNewest), { broker, session, kind, at, announced }],
    }
  }
}

export function configuredTimeout(configs: Configs | undefined, broker: number): number | undefined {
  const text = configs?.brokers.get(broker)?.values.get('zookeeper.session.timeout.ms')
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}
