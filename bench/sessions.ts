import { parseArgs } from 'node:util'
import { startExporter } from '../test/support/exporter-process.ts'
import { startCluster } from '../testbed/cluster.ts'
import { healthy, parts } from './sessions/parts.ts'
import { SessionWatch } from './sessions/watch.ts'

const help = `Announced expiry of brokers' sessions against the real one, on a real cluster: kills, a clean stop, a change of the
leading server and a leader that is paused and woken. Every end must be counted once, and be the right one; exits with 1 if not.

  npm run bench:sessions -- [--kafka VERSION] [--session-timeout MS] [--kills N] [--part NAME] [--admin-server]

  --kafka VERSION        default 3.9.1
  --session-timeout MS   default 6000
  --kills N              default 10
  --part NAME            only this: kills (and the clean stop), killed-leader, paused-leader, quorum-gone
  --admin-server         no four-letter word but ruok is allowed: everything is read from the AdminServers`

const { values } = parseArgs({
  options: {
    kafka: { type: 'string', default: '3.9.1' },
    'session-timeout': { type: 'string', default: '6000' },
    kills: { type: 'string', default: '10' },
    part: { type: 'string' },
    'admin-server': { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
const problems: string[] = []
if (values.help === true) console.log(help)
else {
  await bench(values.kafka, Number(values['session-timeout']), Number(values.kills))
  for (const problem of problems) console.log(`NOT OK  ${problem}`)
  if (problems.length === 0) console.log('ok: every end was counted once, and was the right one')
}
process.exit(problems.length === 0 ? 0 : 1)

async function bench(kafka: string, sessionTimeoutMs: number, kills: number): Promise<void> {
  const isAdmin = values['admin-server']
  const zookeeperConfig = isAdmin ? { 'admin.enableServer': 'true', '4lw.commands.whitelist': 'ruok' } : {}
  const cluster = await startCluster({ kafka, sessionTimeoutMs, zookeeperConfig })
  const servers = cluster.zookeepers.flatMap(({ host, port, adminUrl }) => [
    `--zookeeper.server=${host}:${port}`,
    ...(isAdmin ? [`--zookeeper.admin-server=${adminUrl ?? ''}`] : []),
  ])
  const exporter = await startExporter([...cluster.bootstrap.map((one) => `--kafka.server=${one}`), ...servers])
  const watch = new SessionWatch(() => exporter.metrics())
  const watching = watch.run()
  const limitMs = sessionTimeoutMs * 2 + 30_000
  try {
    await healthy(watch, limitMs)
    for (const [name, part] of Object.entries(parts)) {
      if (values.part === undefined || values.part === name) await part({ cluster, watch, limitMs, kills, problems })
    }
  } catch (error) {
    problems.push(String(error))
    console.log(exporter.log().split('\n').slice(-40).join('\n'))
  } finally {
    watch.end()
    await watching.catch((error: unknown) => problems.push(`the watch: ${String(error)}`))
    await exporter.stop()
    await cluster.destroy()
  }
}
