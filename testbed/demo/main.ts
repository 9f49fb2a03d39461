import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startCluster } from '../cluster.ts'
import { endWithNpm } from '../parent.ts'
import type { Cluster } from '../types.ts'
import { createTestTopic } from '../user-topic.ts'
import { startMonitoring, type Monitoring } from '../monitoring/monitoring.ts'
import { findPrograms, missingPrograms } from '../monitoring/programs.ts'
import { waitUntil } from '../wait.ts'
import { AlertWatch } from './alert-watch.ts'
import { HELP, parseCommandLine, type Wish } from './command-line.ts'
import type { Command } from './commands.ts'
import { messageOf, openConversation, type Conversation } from './conversation.ts'
import { startExporter, type Exporter } from './exporter.ts'
import { introduction } from './introduction.ts'
import { perform, type Session } from './session.ts'
import { Watch } from './watch.ts'
import { changesBetween } from './watched.ts'

const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const SETTLE_DEADLINE_MS = 15_000

async function main(): Promise<number> {
  let wish: Wish | undefined
  try {
    wish = parseCommandLine(process.argv.slice(2), BUILT)
  } catch (error) {
    console.error(`demo: ${messageOf(error)}`)
    return 2
  }
  if (wish === undefined) {
    console.log(HELP)
    return 0
  }
  if (!existsSync(wish.exporter)) throw new Error(`no exporter at ${wish.exporter}: build it first, npm run build`)
  console.log(`Starting ${serversOf(wish.cluster)}, Kafka ${wish.cluster.kafka} ...`)
  const cluster = await startCluster(wish.cluster)
  try {
    await createTestTopic(cluster)
    const exporter = await startExporter(cluster, wish.exporter)
    try {
      const monitoring = wish.withMonitoring ? await monitor(cluster, exporter) : undefined
      try {
        return await demonstrate(wish, cluster, exporter, monitoring)
      } finally {
        await monitoring?.stop()
      }
    } finally {
      await exporter.stop()
    }
  } finally {
    await cluster.destroy()
  }
}

function serversOf({ mode, controllers }: Wish['cluster']): string {
  if (mode === 'zookeeper') return '3 ZooKeeper servers and 3 brokers'
  return controllers === 'separate' ? '3 controllers and 3 brokers' : '3 brokers that are controllers as well'
}

async function monitor(cluster: Cluster, exporter: Exporter): Promise<Monitoring | undefined> {
  const programs = findPrograms()
  const missing = missingPrograms(programs)
  if (missing !== undefined) console.log(missing)
  const exporters = [new URL(exporter.url).host]
  return startMonitoring({ directory: cluster.directory, exporters, programs })
}

async function demonstrate(
  { script }: Wish,
  cluster: Cluster,
  exporter: Exporter,
  monitoring: Monitoring | undefined,
): Promise<number> {
  const conversation =
    script === undefined ? openConversation({ input: process.stdin, output: process.stdout }) : undefined
  const say = conversation?.say ?? ((line: string) => console.log(line))
  const over = new AbortController()
  const watch = new Watch(exporter.url, say)
  const alerts = monitoring && new AlertWatch(monitoring.prometheus, (change) => say(`${watch.elapsed()} ${change}`))
  try {
    watch.start()
    await settle(watch)
    console.log(introduction(cluster, exporter, monitoring))
    alerts?.start()
    const session: Session = { cluster, exporter, watch, say, signal: over.signal }
    const work = script === undefined ? converse(conversation, session) : follow(script, session)
    const died = exporter.ended.then((reason) => new Error(`the exporter ended: ${reason}`))
    const end = await Promise.race([work, died])
    if (!(end instanceof Error)) return 0
    say(`demo: ${end.message}`)
    return 1
  } finally {
    over.abort()
    watch.end()
    alerts?.end()
    conversation?.close()
  }
}

async function converse(conversation: Conversation | undefined, session: Session): Promise<void> {
  await conversation?.hold(session)
}

/** An act that fails ends a script: what follows was written for a cluster in another state. */
async function follow(script: readonly Command[], session: Session): Promise<Error | undefined> {
  try {
    for (const command of script) {
      session.say(`> ${'text' in command ? command.text : command.kind}`)
      if (!(await perform(command, session))) break
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Until a second passes without a change, so that what is printed later is the answer to an act. */
async function settle(watch: Watch): Promise<void> {
  let before = watch.picture
  const isSettled = (): boolean => {
    const now = watch.picture
    const isSame = before !== undefined && now !== undefined && changesBetween(before, now).length === 0
    before = now
    return isSame
  }
  await waitUntil('the metrics to settle', isSettled, SETTLE_DEADLINE_MS, 1_000)
}

endWithNpm()
try {
  process.exit(await main())
} catch (error) {
  console.error(`demo: ${messageOf(error)}`)
  process.exit(1)
}
