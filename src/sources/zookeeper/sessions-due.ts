import { leadingServer } from '../../model/leading.ts'
import { answerOf } from '../../model/liveness.ts'
import { connectionOf, type Sessions } from '../../model/sessions.ts'
import type { View } from '../../model/view.ts'

/** A server logs every word: when all is calm, its list of connections is read this seldom, */
const calmConnectionsMs = 60_000
/** and the leader's dump often enough for the expiry times never to be too old to be shown. */
const calmDumpMs = 10_000
/** While a broker is down that has a session. */
export const unsettledMs = 5_000
/** While a session runs out. */
const silentMs = 1_000
/** A dump that tells times worse than this is soon followed by another one, which tells them better. */
const roughMs = 2_000
/** A look that comes a little early must not skip its turn. */
const slackMs = 100

/** What may change who hangs on which session: read again at once when it is another text. */
export function pictureOf(view: View): string {
  const leader = view.zookeeper && leadingServer(view.zookeeper.value)
  const servers = [...(view.zookeeper?.value.servers ?? [])].map(([server, { state }]) => `${server} ${state}`)
  const registered = [...(view.znodes?.value.brokers ?? [])].map(([id, { session }]) => `${id} ${session}`)
  const brokers = [...view.roster].map(([id, { address }]) => {
    return `${id} ${address !== undefined && answerOf(view.liveness?.value, address) !== undefined ? 'up' : 'down'}`
  })
  return [leader?.server, leader?.epoch, ...servers, ...registered.sort(), ...brokers.sort()].join(';')
}

export interface LastAsked {
  /** `mono` ms; -Infinity = never. */
  readonly at: number
  readonly picture: string
  /** For how long connections that are not found are left alone: longer each time that they were looked for in vain. */
  readonly pauseMs: number
}

export function nextAsked(last: LastAsked, picture: string, now: number): LastAsked {
  const pauseMs = last.picture === picture ? Math.min(calmConnectionsMs, last.pauseMs * 2) : unsettledMs
  return { at: now, picture, pauseMs }
}

export function isDumpDue(view: View, known: Sessions, last: LastAsked, picture: string, now: number): boolean {
  const pauseMs = nextDumpMs(view, known)
  return last.picture !== picture || now - last.at + slackMs >= pauseMs
}

/** How long after the last dump the next is due if nothing else happens. */
export function nextDumpMs(view: View, known: Sessions): number {
  const { dump } = known
  if (dump === undefined) return silentMs
  let pauseMs = dump.errorMs > roughMs ? unsettledMs : calmDumpMs
  for (const [session, { broker, expiresAt }] of dump.sessions) {
    if (broker === undefined) continue
    const configured = Number(
      view.configs?.value.brokers.get(broker)?.values.get('zookeeper.session.timeout.ms') ?? Number.NaN,
    )
    const timeoutMs = connectionOf(session, known)?.timeoutMs ?? configured
    // A client that lives has two thirds of its timeout left at any time.
    if (expiresAt - dump.at.wall < (timeoutMs * 2) / 3) return silentMs
    const address = view.roster.get(broker)?.address
    if (address !== undefined && answerOf(view.liveness?.value, address) === undefined) pauseMs = unsettledMs
  }
  return pauseMs
}

/** Connections move when servers, brokers or sessions do; and while a broker's session is on none that is known. */
export function areConnectionsDue(known: Sessions, last: LastAsked, picture: string, now: number): boolean {
  if (last.picture !== picture) return true
  const unplaced = [...(known.dump?.sessions ?? [])].some(
    ([session, { broker }]) => broker !== undefined && connectionOf(session, known) === undefined,
  )
  return now - last.at + slackMs >= (unplaced ? last.pauseMs : calmConnectionsMs)
}
