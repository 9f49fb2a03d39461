import { actorKey } from './actors.ts'
import { lastUntil } from './in-time.ts'
import type { Sign, SignKind } from './signs.ts'
import type { Actor } from './types.ts'

/** After its return an actor's old connections are still being noticed. */
const settleMs = 3000
/** Signs further apart than this, without a word of return, are of two absences. Longer than any session timeout in use. */
const apartMs = 90_000
/** `closed` and `expired` in one breath are one expiry. */
const sameMomentMs = 1000

/** Whoever has started itself finds the others not yet there. */
const bootMs = 5000

const ups: ReadonlySet<SignKind> = new Set(['started', 'registered', 'back', 'session', 'serving'])
/** What also a process says that is stopping, or that is starting and not yet there. */
const soft: ReadonlySet<SignKind> = new Set(['session', 'serving'])
const underWay: ReadonlySet<SignKind> = new Set(['signal', 'stopping', 'starting'])
/** A single connection that failed is no loss: these say that more is wrong. */
const strong: ReadonlySet<SignKind> = new Set([
  'signal',
  'stopping',
  'stopped',
  'fatal',
  'leaving',
  'expired',
  'closed',
  'fenced',
  'removed',
])

/** A time in which an actor was away, with every line that says so. */
export interface Absence {
  readonly actor: Actor
  readonly from: number
  readonly backAt: number | undefined
  /** The last line that belongs to it, its return included. */
  readonly until: number
  readonly signs: readonly Sign[]
  /** Something more than failed connections. */
  readonly isStrong: boolean
  /** It started again though nothing says that it had stopped. */
  readonly restartOnly: boolean
}

/** Groups signs into absences: one begins with the first sign of trouble and ends with the first of return. */
export function absencesOf(signs: readonly Sign[]): Absence[] {
  const byActor = new Map<string, Sign[]>()
  for (const sign of signs) {
    const key = actorKey(sign.actor)
    const list = byActor.get(key)
    if (list === undefined) byActor.set(key, [sign])
    else list.push(sign)
  }
  const absences: Absence[] = []
  const starts = new Map<number | undefined, Sign[]>()
  for (const sign of signs) {
    if (sign.kind !== 'starting' && sign.kind !== 'started') continue
    const list = starts.get(sign.by)
    if (list === undefined) starts.set(sign.by, [sign])
    else list.push(sign)
  }
  const justStarted = ({ by, at }: Sign): boolean =>
    at - (lastUntil(starts.get(by) ?? [], at)?.at ?? -Infinity) < bootMs
  for (const list of byActor.values()) absences.push(...absencesOfOne(list, justStarted))
  return absences.sort((a, b) => a.from - b.from)
}

function absencesOfOne(signs: readonly Sign[], justStarted: (sign: Sign) => boolean): Absence[] {
  const absences: Absence[] = []
  let open: Sign[] = []
  let backAt: number | undefined
  /** It was seen running: a further start is a restart. */
  let ran = false
  let lastUp = -Infinity
  let lastSeen = -Infinity
  const close = (): void => {
    const first = open[0]
    if (first !== undefined) absences.push(absence(open, backAt))
    open = []
    backAt = undefined
  }
  for (const sign of signs) {
    const returns = ups.has(sign.kind) || sign.kind === 'starting'
    if (open.length > 0 && sign.at - lastSeen > apartMs && !returns) close()
    lastSeen = Math.max(lastSeen, sign.event.lastAt)
    if (open.length > 0 && backAt !== undefined && sign.at - backAt > settleMs) close()
    if (soft.has(sign.kind) && sign.actor.role !== 'zookeeper' && open.some(({ kind }) => underWay.has(kind))) continue
    if (sign.kind === 'starting') {
      if (open.length > 0 || ran) open.push(sign)
      ran = true
      continue
    }
    if (ups.has(sign.kind)) {
      if (open.length > 0) {
        backAt ??= sign.at
        open.push(sign)
      }
      lastUp = sign.at
      ran = true
      continue
    }
    if (!ran && !strong.has(sign.kind) && justStarted(sign)) continue
    ran = true
    // While it settles, only what cannot be an echo opens anything new.
    const settling = sign.at - lastUp < settleMs
    if (backAt !== undefined && (sign.kind === 'signal' || sign.kind === 'stopping')) close()
    if (open.length === 0 && settling && !strong.has(sign.kind)) continue
    open.push(sign)
  }
  close()
  return absences
}

function absence(signs: readonly Sign[], backAt: number | undefined): Absence {
  const [first] = signs
  const last = signs.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('an absence has a sign')
  // The close that follows an expiry at once was not the client's.
  const expired = signs.filter(({ kind }) => kind === 'expired')
  const kept = signs.filter(
    ({ kind, at, event }) =>
      kind !== 'closed' ||
      !expired.some(
        (other) => other.event.fields.session === event.fields.session && Math.abs(other.at - at) <= sameMomentMs,
      ),
  )
  return {
    actor: first.actor,
    from: first.at,
    backAt,
    until: Math.max(last.at, backAt ?? 0),
    signs: kept,
    isStrong: kept.some(
      ({ kind, actor }) => strong.has(kind) || kind === 'starting' || (actor.role === 'zookeeper' && !ups.has(kind)),
    ),
    restartOnly: first.kind === 'starting',
  }
}
