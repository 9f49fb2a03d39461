import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../types.ts'
import { ask } from './ask.ts'
import { compareFamily } from './compare.ts'
import { leaderOf } from './coordinators/ensemble.ts'
import { coordinated } from './coordinators/quorums.ts'
import { readRegistrations } from './coordinators/registrations.ts'
import { kafkaFamilies } from './families.ts'
import { fingerprint } from './fingerprint.ts'
import { unmetShown } from './bound.ts'
import type { Metrics } from './metrics.ts'
import type { Check } from './moment.ts'
import { readOffsets } from './offsets.ts'
import { pictureOf, type Offsets, type Picture } from './picture.ts'
import type { Stage } from './scenario.ts'
import type { Session } from './session.ts'
import { askTools, compareStage } from './tools.ts'
import { agreedView, answers } from './truth.ts'

const STAGE_DEADLINE_MS = 60_000
/** The cluster must have said the same for this long before anybody is compared with it. */
const QUIET_MS = 800
/** The slowest calm pace of the Kafka sources, and an offsets look after it; the tools alone take about half of that. */
const SETTLE_MS = 8000
const LEAST_SETTLE_MS = 1000

type Outcome =
  { readonly settled: true; readonly lines: readonly string[] } | { readonly settled: false; readonly why: string }

/** Every series of every family of this release that is missing, wrong or too many. */
export function compareAll(picture: Picture, metrics: Metrics): string[] {
  return Object.entries(kafkaFamilies).flatMap(([family, expected]) =>
    compareFamily(family, expected(picture), metrics.all(family)),
  )
}

/** Waits until truth has been the same for a while; undefined past the deadline. */
async function quiet(session: Session, deadline: number): Promise<{ print: string; since: number } | undefined> {
  let print = fingerprint(session.truth)
  let since = session.now
  for (;;) {
    await sleep(50)
    const newest = fingerprint(session.truth)
    if (newest !== print) {
      print = newest
      since = session.now
    }
    const settled = agreedView(session.truth) !== undefined || session.truth.views.size === 0
    if (settled && session.now - since >= QUIET_MS) return { print, since }
    if (session.now > deadline) return undefined
  }
}

/** The shell is for what `dump` does not tell. It has a session of its own, for a moment. */
async function askRegistrations(session: Session, cluster: Cluster): Promise<boolean> {
  const { ensemble } = session.truth
  const leader = ensemble === undefined ? undefined : leaderOf(ensemble)
  if (ensemble?.whitelist !== 'default' || leader === undefined || coordinated(session.truth) !== true) return true
  const read = await readRegistrations(cluster, ensemble.addresses.get(leader) ?? '').catch(() => undefined)
  if (read !== undefined) session.register(read)
  return read !== undefined
}

async function attempt(session: Session, cluster: Cluster, stage: Stage, deadline: number): Promise<Outcome> {
  if (!(await askRegistrations(session, cluster))) return { settled: false, why: 'registrations could not be read' }
  const still = await quiet(session, deadline)
  if (still === undefined) return { settled: false, why: 'the brokers never agreed' }
  const { truth } = session
  const view = agreedView(truth)
  let offsets: Offsets = { current: new Map(), oldest: new Map() }
  const anyUp = [...truth.addresses.keys()].some((id) => answers(truth, id))
  if (view !== undefined && anyUp) {
    try {
      offsets = await readOffsets(cluster, truth, view)
      session.keeper.asked(await ask(cluster, truth, view))
      const lines = stage.kafkaTools === 'none' ? [] : await askTools(cluster, truth, view, offsets)
      if (lines.length > 0) return { settled: false, why: lines.join('; ') }
    } catch (error) {
      return { settled: false, why: error instanceof Error ? error.message : String(error) }
    }
    const wrong = compareStage(stage.kafkaTools, view, offsets)
    if (wrong.length > 0) return { settled: true, lines: wrong.map((line) => `Kafka itself: ${line}`) }
  }
  if (!session.scraping) return { settled: true, lines: [] }
  return settle(session, stage, offsets, still)
}

/** The exporter may need a moment after the cluster has settled; truth has to stay the same meanwhile. */
async function settle(
  session: Session,
  stage: Stage,
  offsets: Offsets,
  { print, since }: { print: string; since: number },
): Promise<Outcome> {
  const until = Math.max(since + SETTLE_MS, session.now + LEAST_SETTLE_MS)
  let lines: string[] = ['no scrape']
  while (lines.length > 0 && session.now <= until) {
    await sleep(50)
    if (fingerprint(session.truth) !== print) return { settled: false, why: 'truth changed while it was compared' }
    const unix = Date.now() / 1000
    const now = { at: session.now, window: { from: unix - session.now / 1000 - 1, to: unix + 1 } }
    const picture = pictureOf(session.truth, now, offsets)
    const { metrics } = session.moment
    if (picture === undefined || metrics === undefined) continue
    const claims = { ...stage.kafkaFamilies, ...stage.coordinatorFamilies }
    const sides = Object.entries(stage.sides ?? {}).flatMap(([node, shown]) =>
      unmetShown(shown, Number(node), session.moment).map((line) => `in node ${node}: ${line}`),
    )
    lines = [...compareAll(picture, metrics), ...unmetShown(claims, undefined, session.moment), ...sides]
  }
  return { settled: true, lines }
}

export async function checkStage(session: Session, cluster: Cluster, stage: Stage): Promise<Check> {
  const began = session.now
  const name = stage.stage
  const done = (ok: boolean, detail?: string): Check => {
    session.say('act', `stage "${name}": ${ok ? 'ok' : 'FAILED'}`)
    return {
      kind: 'stage',
      name,
      ok,
      seconds: (session.now - began) / 1000,
      ...(detail === undefined ? {} : { detail }),
    }
  }
  let why = ''
  while (session.now < began + STAGE_DEADLINE_MS) {
    const outcome = await attempt(session, cluster, stage, began + STAGE_DEADLINE_MS)
    if (outcome.settled) return outcome.lines.length === 0 ? done(true) : done(false, outcome.lines.join('\n'))
    why = outcome.why
  }
  return done(false, `the cluster did not settle within ${STAGE_DEADLINE_MS / 1000} s: ${why}`)
}
