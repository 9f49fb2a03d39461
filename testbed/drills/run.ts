import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../types.ts'
import { ask } from './ask.ts'
import type { Whitelist } from './coordinators/zookeeper-sampler.ts'
import { Exporter, targetsOf } from './exporter.ts'
import type { Check, Condition } from './moment.ts'
import { findController, findLeader, makeFollower, perform, rejoin, splitOff } from './perform.ts'
import type { Report } from './report.ts'
import type { Scenario, Step } from './scenario.ts'
import { Session } from './session.ts'
import { checkStage } from './stage.ts'
import type { Row } from './timeline.ts'
import { agreedView } from './truth.ts'

const EXPORTER_DEADLINE_MS = 15_000

export interface DrillOptions {
  readonly withExporter: boolean
  readonly sessionTimeoutMs: number
  readonly whitelist: Whitelist
  /** How long a `calm` step takes. */
  readonly calmMs: number
  readonly print: (row: Row) => void
}

async function until(session: Session, what: string, met: () => boolean, deadlineMs: number): Promise<void> {
  const end = session.now + deadlineMs
  while (!met()) {
    if (session.now > end) throw new Error(`${what}: not within ${deadlineMs / 1000} s`)
    await sleep(20)
  }
}

/** One scenario on one cluster, from a fresh exporter to its orderly end. */
class Drill {
  readonly #scenario: Scenario
  readonly #cluster: Cluster
  readonly #options: DrillOptions
  readonly #session: Session
  readonly #checks: Check[] = []
  #exporter: Exporter | undefined
  readonly #further: Exporter[] = []

  constructor(scenario: Scenario, cluster: Cluster, options: DrillOptions) {
    this.#scenario = scenario
    this.#cluster = cluster
    this.#options = options
    this.#session = new Session(scenario, cluster, options)
  }

  async run(): Promise<Report> {
    const { name: scenario, title, steps } = this.#scenario
    const late = steps.some((step) => 'exporter' in step)
    this.#session.start()
    try {
      if (!late) await this.#startExporter()
      for (const step of steps) await this.#step(step)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      this.#checks.push({ kind: 'step', name: 'every step can be done', ok: false, detail })
    } finally {
      await this.#stopExporter()
      this.#session.stop()
    }
    const checks = [...this.#checks, ...this.#session.checks()]
    return {
      scenario,
      title,
      kafka: this.#cluster.kafka,
      mode: this.#cluster.mode,
      plan: this.#cluster.plan,
      sessionTimeoutMs: this.#options.sessionTimeoutMs,
      ok: checks.every((check) => check.ok),
      seconds: this.#session.now / 1000,
      checks,
      exporterLog: this.#exporter?.lastLines ?? [],
      timeline: this.#session.rows,
    }
  }

  async #step(step: Step): Promise<void> {
    const session = this.#session
    const cluster = this.#cluster
    if ('stage' in step) this.#checks.push(await checkStage(session, cluster, step))
    else if ('act' in step) await perform(session, cluster, step.act, step.on, step.as)
    else if ('find' in step) (step.find === 'leader' ? findLeader : findController)(session)
    else if ('follower' in step) await makeFollower(session, cluster, step.follower)
    else if ('exporterIn' in step) await this.#startInside(step.exporterIn)
    else if ('split' in step) await splitOff(session, cluster, step.split)
    else if ('rejoin' in step) await rejoin(session, cluster)
    else if ('exporter' in step) await this.#startExporter()
    else if ('furtherExporters' in step) await this.#startFurther(step.furtherExporters)
    else if ('change' in step) await this.#change(step)
    else if ('claim' in step) this.#claim(step.claim)
    else if ('examine' in step) await this.#examine(step)
    else if ('writes' in step) {
      if (step.writes === 'end') await session.stopWriters()
      else await session.startWriters(cluster.bootstrap, step.writes)
    } else if ('until' in step) {
      const { name, holds } = step.until
      await until(session, name, () => holds(session.moment), step.deadlineS * 1000)
    } else if ('calm' in step) {
      session.actBegins(step.calm)
      await sleep(this.#options.calmMs)
      session.actEnds(step.calm)
    } else await sleep(step.seconds * 1000)
  }

  #claim({ name, holds, detail }: Condition): void {
    const { moment } = this.#session
    const ok = holds(moment)
    this.#session.say('act', `${name}: ${ok ? 'yes' : 'NO'}`)
    this.#checks.push({ kind: 'step', name, ok, ...(detail === undefined ? {} : { detail: detail(moment) }) })
  }

  async #examine({ examine: name, run }: Extract<Step, { readonly examine: string }>): Promise<void> {
    const { ok, detail } = await run(this.#cluster)
    this.#session.say('act', `${name}: ${detail}`)
    this.#checks.push({ kind: 'step', name, ok, detail })
  }

  async #change({ change, run }: Extract<Step, { readonly change: string }>): Promise<void> {
    this.#session.actBegins(change)
    await run(this.#cluster)
    const { truth, keeper } = this.#session
    const view = agreedView(truth)
    // Where it fails the next stage asks again, and says why.
    const asked = view === undefined ? undefined : await ask(this.#cluster, truth, view).catch(() => undefined)
    if (asked !== undefined) keeper.asked(asked)
    this.#session.actEnds(change)
  }

  async #startExporter(): Promise<void> {
    if (!this.#options.withExporter) return
    this.#session.keeper.forget()
    this.#session.logs.begin()
    this.#session.actBegins('start exporter')
    const exporter = await Exporter.start(targetsOf(this.#cluster, this.#scenario.exporterKnows))
    this.#exporter = exporter
    this.#session.scrape(exporter.url)
    await until(
      this.#session,
      'the exporter answers',
      () => {
        if (!exporter.isRunning) throw new Error(`the exporter has ended:\n${exporter.lastLines.join('\n')}`)
        return this.#session.moment.metrics !== undefined
      },
      EXPORTER_DEADLINE_MS,
    )
    this.#session.actEnds('start exporter')
  }

  async #startFurther(count: number): Promise<void> {
    if (!this.#options.withExporter) return
    const name = `start ${count} further exporters`
    this.#session.actBegins(name)
    for (let n = 0; n < count; n++)
      this.#further.push(await Exporter.start(targetsOf(this.#cluster, this.#scenario.exporterKnows)))
    this.#session.actEnds(name)
  }

  async #startInside(node: number): Promise<void> {
    if (!this.#options.withExporter) return
    const name = `exporter in node ${node}`
    const { namespace } = this.#cluster.brokers.find(({ id }) => id === node) ?? {}
    if (namespace === undefined) throw new Error(`${name}: node ${node} has no network of its own`)
    this.#session.actBegins(name)
    const exporter = await Exporter.start(targetsOf(this.#cluster, this.#scenario.exporterKnows), namespace)
    this.#further.push(exporter)
    this.#session.scrapeSide(node, namespace, exporter.url)
    this.#session.actEnds(name)
  }

  /** Its end closes the drill: after it no scrape is expected to answer. */
  async #stopExporter(): Promise<void> {
    await Promise.all(this.#further.map((exporter) => exporter.stop()))
    if (this.#exporter === undefined) return
    const ran = this.#exporter.isRunning
    this.#session.stop()
    this.#checks.push(...(await this.#session.logs.end(this.#exporter.url)))
    const code = await this.#exporter.stop()
    const detail = ran ? `it ended with ${code}` : 'it had ended by itself'
    this.#checks.push({
      kind: 'step',
      name: 'the exporter runs to the end and stops on SIGTERM',
      ok: ran && code === 0,
      detail,
    })
  }
}

export function runDrill(scenario: Scenario, cluster: Cluster, options: DrillOptions): Promise<Report> {
  return new Drill(scenario, cluster, options).run()
}
