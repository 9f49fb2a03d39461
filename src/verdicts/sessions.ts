import type { Instant } from '../model/instant.ts'
import { leadingServer } from '../model/leading.ts'
import { connectionOf, type SessionDump, type Sessions } from '../model/sessions.ts'
import type { FactName, Observed, View } from '../model/view.ts'
import type { Znodes } from '../model/znodes.ts'
import {
  isOutdated,
  sighted,
  sightingInDump,
  sightingOf,
  type BrokerSession,
  type Missing,
  type Sighting,
} from './broker-session.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { isBelievable, takesPart, type BelievedEpoch } from './dump-validity.ts'
import { SessionLedger, type Ends } from './session-ledger.ts'
import { nextAnswerings, type Answerings } from './silence.ts'
import { nextUnled, type Unled } from './unled.ts'

/** Which broker hangs on which session, and which of them have ended. */
export interface SessionHistory {
  readonly brokers: ReadonlyMap<number, BrokerSession>
  readonly ends: Ends
  readonly answerings: Answerings
  /** `mono` ms at which the newest dump that was judged was asked for. */
  readonly dumpAt: number
  readonly believed: BelievedEpoch | undefined
  /** `host:port` and epoch of who leads, as text. */
  readonly leader: string
  readonly unled: Unled | undefined
  /** `mono` ms of the newest change: a session came, went missing or ended, another server leads. */
  readonly changedAt: number
}

export function noSessions(now: number): SessionHistory {
  return {
    brokers: new Map(),
    ends: { counts: new Map(), counted: new Set(), newest: [] },
    answerings: new Map(),
    dumpAt: -Infinity,
    believed: undefined,
    leader: '',
    unled: undefined,
    changedAt: now,
  }
}

/** A dump alone counts an end when a second one, later than a leader that just woke goes on lying, lacks it too. */
const confirmedByDumpMs = 4_000
/** Another session of the exporter's own may be on a server that lags a little. */
const confirmedByZnodesMs = 1_000

export interface SessionContext {
  readonly view: View
  readonly brokers: BrokerVerdicts
  readonly brokersBefore: BrokerVerdicts
  readonly now: Instant
}

/** One new fact taken in. Facts that tell nothing of sessions change nothing. */
export function nextSessions(before: SessionHistory, arrived: FactName, context: SessionContext): SessionHistory {
  const { view, now } = context
  if (arrived === 'liveness' && view.liveness !== undefined) {
    const { brokers, brokersBefore } = context
    return { ...before, answerings: nextAnswerings(before.answerings, brokers, brokersBefore, view.liveness.at) }
  }
  if (arrived === 'zookeeper' && view.zookeeper !== undefined) {
    const leader = leadingServer(view.zookeeper.value)
    const text = leader === undefined ? '' : `${leader.server} ${leader.epoch ?? ''}`
    const unled = nextUnled(before.unled, view.zookeeper.value, view.zookeeper.at.mono)
    if (text === before.leader) return unled === before.unled ? before : { ...before, unled }
    return { ...before, leader: text, unled, changedAt: now.mono }
  }
  if (arrived === 'sessions' && view.sessions !== undefined) return takeSessions(before, view.sessions.value, context)
  if (arrived === 'znodes' && view.znodes !== undefined) return takeZnodes(before, view.znodes, context)
  return before
}

function takeSessions(before: SessionHistory, told: Sessions, context: SessionContext): SessionHistory {
  const { dump } = told
  const isNew = dump !== undefined && dump.at.mono > before.dumpAt
  const after = isNew && isBelievable(dump, context.view, before.believed) ? takeDump(before, dump, context) : before
  return {
    ...after,
    brokers: withTimeouts(after.brokers, told),
    dumpAt: isNew ? dump.at.mono : before.dumpAt,
  }
}

function takeDump(before: SessionHistory, dump: SessionDump, context: SessionContext): SessionHistory {
  const ledger = ledgerOf(before, context)
  const brokers = new Map(before.brokers)
  for (const [session, listed] of dump.sessions) {
    if (listed.broker === undefined) continue
    const livesOn = dump.sessions.has(brokers.get(listed.broker)?.session ?? '')
    see(brokers, listed.broker, sightingInDump(session, listed, dump), ledger, livesOn)
  }
  for (const [broker, known] of brokers) {
    if (dump.sessions.has(known.session) || dump.at.mono < known.seenAt.mono) continue
    const { missing } = known
    const isConfirmed =
      missing !== undefined &&
      (missing.by === 'znodes' || (sameLeaderSince(missing, dump, context.view) && lasted(missing, dump.at)))
    if (isConfirmed) end(brokers, broker, known, missing.since, ledger)
    else miss(brokers, broker, known, { since: dump.at, by: 'dump', epoch: dump.epoch, from: dump.at.mono })
  }
  const believed = dump.epoch === undefined ? before.believed : { epoch: dump.epoch, at: dump.at.mono }
  return settled(before, { ...before, brokers, ends: ledger.ends, believed }, context.now)
}

/** Not only the second dump: the ensemble's own word must also be newer than the first, and the leader the same. */
function sameLeaderSince(missing: Missing, dump: SessionDump, { zookeeper }: View): boolean {
  return missing.epoch === dump.epoch && zookeeper !== undefined && zookeeper.at.mono > missing.from
}

function lasted({ from }: Missing, at: Instant): boolean {
  return at.mono - from >= confirmedByDumpMs
}

function takeZnodes(before: SessionHistory, { value, at }: Observed<Znodes>, context: SessionContext): SessionHistory {
  const { brokers: registered, session: own, server } = value
  if (registered === undefined) return before
  const ledger = ledgerOf(before, context)
  const brokers = new Map(before.brokers)
  for (const [broker, registration] of registered) {
    // On one connection no moment without a registration is missed: there was none.
    const known = brokers.get(broker)
    const isWatched = known?.through === own.id && known.connection === value.connection
    see(brokers, broker, sightingOf(registration, value, at), ledger, isWatched && known.missing === undefined)
  }
  for (const [broker, known] of brokers) {
    if (registered.has(broker) || at.mono < known.seenAt.mono) continue
    const { missing } = known
    const isCertain = known.through === own.id
    const isConfirmed =
      missing !== undefined && (missing.by === 'dump' || at.mono - missing.since.mono >= confirmedByZnodesMs)
    if (takesPart(server, context.view) && (isCertain || isConfirmed)) {
      end(brokers, broker, known, missing?.since ?? at, ledger)
    } else miss(brokers, broker, known, { since: at, by: 'znodes', epoch: undefined, from: at.mono })
  }
  return settled(before, { ...before, brokers, ends: ledger.ends }, context.now)
}

type Brokers = Map<number, BrokerSession>

/** `isGivenUp`: where it is another session, the one before has lost its registration and nothing else. */
function see(brokers: Brokers, broker: number, sighting: Sighting, ledger: SessionLedger, isGivenUp: boolean): void {
  const known = brokers.get(broker)
  if (known?.session !== sighting.session) {
    if (ledger.isOver(sighting.session, sighting.at)) return
    if (known !== undefined) {
      if (isOutdated(sighting, known)) return
      ledger.count(broker, known, known.missing?.since ?? sighting.at, isGivenUp)
    }
  }
  brokers.set(broker, sighted(known, sighting))
}

function miss(brokers: Brokers, broker: number, known: BrokerSession, missing: Missing): void {
  const before = known.missing
  if (before === undefined) brokers.set(broker, { ...known, missing })
  // Another leader has to confirm it anew; the moment stays.
  else if (before.epoch !== missing.epoch)
    brokers.set(broker, { ...known, missing: { ...missing, since: before.since } })
}

function end(brokers: Brokers, broker: number, known: BrokerSession, at: Instant, ledger: SessionLedger): void {
  ledger.count(broker, known, at)
  brokers.delete(broker)
}

function ledgerOf({ ends, answerings, unled }: SessionHistory, { view, brokers }: SessionContext): SessionLedger {
  return new SessionLedger(ends, { answerings, unled, brokers, configs: view.configs?.value })
}

/** The timeout is negotiated once for a session's life. */
function withTimeouts(brokers: SessionHistory['brokers'], told: Sessions): SessionHistory['brokers'] {
  return new Map(
    [...brokers].map(([broker, known]) => {
      const timeoutMs = connectionOf(known.session, told)?.timeoutMs ?? known.timeoutMs
      return [broker, timeoutMs === known.timeoutMs ? known : { ...known, timeoutMs }]
    }),
  )
}

/** Notes the time where something changed that others should look at. */
function settled(before: SessionHistory, after: SessionHistory, now: Instant): SessionHistory {
  const sameBrokers =
    before.brokers.size === after.brokers.size &&
    [...after.brokers].every(([broker, { session, missing }]) => {
      const was = before.brokers.get(broker)
      return was?.session === session && (was.missing === undefined) === (missing === undefined)
    })
  return sameBrokers && before.ends === after.ends ? after : { ...after, changedAt: now.mono }
}
