import { writeFileSync } from 'node:fs'
import { startCluster } from '../testbed/cluster.ts'
import { endWithNpm } from '../testbed/parent.ts'
import { freePorts } from '../testbed/ports.ts'
import type { Cluster } from '../testbed/types.ts'
import { Hopeless, waitUntil } from '../testbed/wait.ts'
import { budgetsOf, isMet } from './peers/budgets.ts'
import { HELP, parseOptions, UsageError, type Options } from './peers/options.ts'
import { killAndWatch, killed, untilLeaderless, untilLed } from './peers/outage.ts'
import { paceCost, untilCalm } from './peers/pace.ts'
import { runPhase } from './peers/phase.ts'
import { watchRefreshes } from './peers/refresh.ts'
import { formatBudgets, formatSeconds, formatState } from './peers/report.ts'
import { scrape } from './peers/scrape.ts'
import { requestsDuring } from './peers/segments.ts'
import { figuresOf, type StateFigures } from './peers/state.ts'
import { createTopics, lostWith } from './peers/topics.ts'
import { Watched } from './peers/watched.ts'

/** Of the whole bench; what it started ends with the process. */
const wholeDeadlineMs = 475_000
const scrapeEveryMs = 15_000
const paceSeconds = 15
const refreshes = 5
const refreshesDeadlineMs = 40_000
const calmDeadlineMs = 90_000
const electionDeadlineMs = 90_000
const firstAnswerDeadlineMs = 60_000

interface Stage {
  readonly cluster: Cluster
  readonly options: Options
  readonly ours: Watched
  readonly peer: Watched
}

async function bench(options: Options): Promise<boolean> {
  const { kafka, topics, partitions } = options
  const exporters: Watched[] = []
  const cluster = await startCluster({ kafka, sessionTimeoutMs: kafka.startsWith('2.') ? 18_000 : 6_000 })
  try {
    say(`${topics} topics with ${partitions} partitions each`)
    await createTopics(cluster, topics, partitions)
    await untilLed(cluster, topics * partitions, electionDeadlineMs)
    for (const [i, records] of [1, 6, 3].entries()) if (i < topics) await cluster.produce(`bench-${i}`, 0, records)
    const servers = cluster.bootstrap.map((address) => `--kafka.server=${address}`)
    const [ourPort = 0, peerPort = 0] = await freePorts(2)
    const ours = await Watched.start('kafka-ha-exporter', process.execPath, ['dist/main.js', ...servers], ourPort)
    exporters.push(ours)
    const peer = await Watched.start('kafka_exporter', options.peer, servers, peerPort)
    exporters.push(peer)
    return await compare({ cluster, options, ours, peer })
  } finally {
    await Promise.all(exporters.map((one) => one.stop()))
    await cluster.destroy()
  }
}

async function compare(stage: Stage): Promise<boolean> {
  const { cluster, options, ours, peer } = stage
  const partitions = options.topics * options.partitions
  const lost = lostWith(killed, partitions)
  await untilComplete([ours, peer], partitions)

  const healthy = await measure(stage, 'healthy', 0, options.rounds)
  print(formatState(healthy))

  say(`kill -9 of brokers ${killed.join(' and ')}`)
  const seconds = await killAndWatch(stage, lost)
  print(formatSeconds(seconds))
  await untilLeaderless(cluster, lost, electionDeadlineMs)

  const outage = await measure(stage, 'outage', lost, Math.max(1, options.rounds - 2))
  print(formatState(outage))

  const budgets = budgetsOf([healthy, outage])
  print(formatBudgets(budgets))
  if (options.json !== undefined) {
    const { kafka, topics } = options
    const at = new Date().toISOString()
    writeFileSync(options.json, JSON.stringify({ at, kafka, topics, partitions, healthy, seconds, outage, budgets }))
  }
  return budgets.every(isMet)
}

/** First what only ours has, a pace, then both side by side when that is calm. */
async function measure(
  { ours, peer, cluster, options }: Stage,
  state: StateFigures['state'],
  leaderless: number,
  rounds: number,
): Promise<StateFigures> {
  say(`${state}: ours at alert pace, then calm`)
  const alert = await paceCost(ours, paceSeconds)
  await untilCalm(ours, calmDeadlineMs)
  const calm = await paceCost(ours, paceSeconds)
  say(`${state}: ${rounds} scrapes of each`)
  const [ourCourse, peerCourse] = await runPhase([ours, peer], rounds, scrapeEveryMs)
  if (ourCourse === undefined || peerCourse === undefined) throw new Error('nothing was measured')
  const ports = new Set(cluster.brokers.map(({ port }) => port))
  const peerRequests = await requestsDuring(peer.pid, ports, scrape(peer.url))
  say(`${state}: ${refreshes} refreshes of ours`)
  const seen = await watchRefreshes(ours.url, refreshes, refreshesDeadlineMs)
  return {
    state,
    partitions: options.topics * options.partitions,
    leaderless,
    refreshes: seen,
    alert,
    calm,
    ours: figuresOf(ourCourse),
    peer: figuresOf(peerCourse),
    peerRequests,
  }
}

async function untilComplete(exporters: readonly Watched[], partitions: number): Promise<void> {
  for (const exporter of exporters) {
    const complete = async (): Promise<boolean> => {
      if (!exporter.isRunning) throw new Hopeless(`${exporter.name} has ended by itself`)
      return ((await scrape(exporter.url)).answer?.namedLeaders ?? 0) >= partitions
    }
    await waitUntil(`${exporter.name}: ${partitions} leaders`, complete, firstAnswerDeadlineMs, 500)
  }
}

function say(what: string): void {
  console.log(`[${(performance.now() / 1_000).toFixed(0)} s] ${what}`)
}

function print(lines: readonly string[]): void {
  console.log(['', ...lines, ''].join('\n'))
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv)
  if (options === 'help') {
    console.log(HELP)
    return 0
  }
  setTimeout(() => {
    console.error(`bench: not done within ${wholeDeadlineMs / 1_000} s`)
    process.exit(1)
  }, wholeDeadlineMs).unref()
  const met = await bench(options)
  return met || !options.check ? 0 : 1
}

endWithNpm()
try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(error instanceof UsageError ? 2 : 1)
}
