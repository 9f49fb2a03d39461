import { writeFileSync } from 'node:fs'
import { reexecInObserver } from '../observer.ts'
import { modeOf } from '../cluster.ts'
import type { Cluster, Mode } from '../types.ts'
import type { Whitelist } from './coordinators/zookeeper-sampler.ts'
import { HELP, MATRIX, parseOptions, sessionTimeoutOf, UsageError, versionsFor, type Options } from './options.ts'
import { drillCluster, electPreferred } from './prepare.ts'
import { formatChecks, verdict, type Report } from './report.ts'
import { runDrill } from './run.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'
import { formatRow, header } from './timeline.ts'

interface Job {
  readonly scenario: Scenario
  readonly kafka: string
  readonly sessionTimeoutMs: number
  readonly whitelist: Whitelist
  readonly mode: Mode
}

/** A healthy cluster is handed on to the next drill of the same kind; anything else begins anew. */
class SharedCluster {
  #current: { readonly key: string; readonly cluster: Cluster } | undefined

  async for({ scenario, mode, kafka, sessionTimeoutMs, whitelist }: Job): Promise<Cluster> {
    const { plan } = scenario
    const controllers = mode === 'kraft' ? scenario.controllers : undefined
    const key = [plan, mode, controllers, kafka, sessionTimeoutMs, whitelist].join(' ')
    if (this.#current?.key !== key) {
      await this.drop()
      this.#current = {
        key,
        cluster: await drillCluster({ kafka, mode, controllers, plan, sessionTimeoutMs, whitelist }),
      }
    }
    await electPreferred(this.#current.cluster)
    return this.#current.cluster
  }

  async drop(): Promise<void> {
    const cluster = this.#current?.cluster
    this.#current = undefined
    await cluster?.destroy()
  }
}

function jobsOf(options: Options): readonly Job[] {
  const { scenarios, sessionTimeoutMs: given, whitelist, withKraft } = options
  return (
    scenarios
      .flatMap((scenario) => versionsFor(scenario, options).map((kafka) => ({ scenario, kafka })))
      .map(({ scenario, kafka }) => {
        const mode = scenario.mode ?? modeOf({ kafka, ...(withKraft ? { mode: 'kraft' } : {}) })
        return { scenario, kafka, mode, sessionTimeoutMs: sessionTimeoutOf(scenario, kafka, given, mode), whitelist }
      })
      // Those of one kind one after the other: they share a cluster.
      .sort((a, b) => order(options, a.kafka) - order(options, b.kafka))
  )
}

function order({ kafka }: Options, version: string): number {
  const versions = kafka.length > 0 ? kafka : MATRIX
  return versions.includes(version) ? versions.indexOf(version) : versions.length
}

async function drill(job: Job, shared: SharedCluster, { withExporter, calmMs }: Options): Promise<Report> {
  const { scenario, kafka, mode, sessionTimeoutMs, whitelist } = job
  console.log(
    `\n${scenario.name} on Kafka ${kafka}${mode === 'kraft' ? ' (KRaft)' : ''}: ${scenario.title} (${scenario.plan}, session timeout ${sessionTimeoutMs} ms)\n`,
  )
  const cluster = await shared.for(job)
  console.log(header())
  const report = await runDrill(scenario, cluster, {
    withExporter,
    sessionTimeoutMs,
    whitelist,
    calmMs,
    print: (row) => console.log(formatRow(row)),
  })
  // What it has broken and perhaps not mended is nobody else's start.
  if (!report.ok) await shared.drop()
  console.log(['', ...formatChecks(report.checks)].join('\n'))
  if (!report.ok) for (const line of report.exporterLog) console.log(`exporter: ${line}`)
  return report
}

async function runAll(options: Options): Promise<boolean> {
  const shared = new SharedCluster()
  const reports: Report[] = []
  let ok = true
  try {
    for (const job of jobsOf(options)) {
      const report = await drillOrWhy(job, shared, options)
      if (typeof report !== 'string') reports.push(report)
      ok &&= typeof report !== 'string' && report.ok
      if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ reports }, null, 2))
      // Last, because who reads this line may then read the report.
      console.log(
        typeof report === 'string' ? `drill ${job.scenario.name} on ${job.kafka}: FAILED (${report})` : verdict(report),
      )
    }
  } finally {
    await shared.drop()
  }
  return ok
}

async function drillOrWhy(job: Job, shared: SharedCluster, options: Options): Promise<Report | string> {
  try {
    return await drill(job, shared, options)
  } catch (error) {
    await shared.drop()
    return `could not be run: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, SCENARIOS)
  if (options.mode === 'help') {
    console.log(HELP)
    return 0
  }
  if (options.mode === 'list') {
    for (const { name, set, plan, title } of SCENARIOS)
      console.log(`${name.padEnd(11)} ${set}  ${plan.padEnd(10)}  ${title}`)
    return 0
  }
  if (options.scenarios.some(({ plan }) => plan === 'namespaces')) {
    const code = await reexecInObserver()
    if (code !== undefined) return code
  }
  return (await runAll(options)) ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof UsageError ? `drill: ${error.message}` : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
