import { parseArgs } from 'node:util'
import { startCluster } from './cluster.ts'
import { DEFAULT_VERSIONS, defaultVersion } from './distribution.ts'
import { reexecInObserver } from './observer.ts'
import { endWithNpm } from './parent.ts'
import type { Cluster, ClusterOptions, Plan, Server } from './types.ts'
import { createTestTopic, TEST_TOPIC } from './user-topic.ts'

const HELP = `Starts a real cluster of 3 nodes, each with a ZooKeeper server or KRaft controller and a Kafka broker, and a topic
"${TEST_TOPIC}" (3 partitions, 2 replicas each, latest offsets 1, 6, 3). Runs until Ctrl-C.

  npm run testbed -- [--kafka VERSION] [--kraft] [--separate-controllers] [--plan loopback|namespaces]

  --kafka VERSION   2.6.0, 3.9.1 or 4.1.1, say; default: the version of KAFKA_HOME, else ${DEFAULT_VERSIONS.zookeeper},
                    without ZooKeeper ${DEFAULT_VERSIONS.kraft}
  --kraft           without ZooKeeper, the controllers within the brokers (from Kafka 4 on always)
  --separate-controllers
                    the same, the controllers beside the brokers
  --plan PLAN       loopback: ports of its own on 127.0.0.1 (default)
                    namespaces: an address for each node, 10.77.0.1 to 10.77.0.3 (Linux, as root)
  --help            this text

KEEP_TESTBED=1 keeps the directory with the logs.`

type Wish = Pick<ClusterOptions, 'mode' | 'controllers'> & { readonly kafka: string; readonly plan: Plan }

/** What the command line asks for; undefined for --help. Throws on anything it does not know. */
function parseCommandLine(args: readonly string[]): Wish | undefined {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = { kafka: text, plan: text, kraft: flag, 'separate-controllers': flag, help: flag }
  const { values } = parseArgs({ args: [...args], options })
  if (values.help === true) return undefined
  const plan = values.plan ?? 'loopback'
  if (plan !== 'loopback' && plan !== 'namespaces') throw new Error(`--plan ${plan}: loopback or namespaces`)
  const isSeparate = values['separate-controllers'] === true
  const isKraft = values.kraft === true || isSeparate
  return {
    kafka: values.kafka ?? defaultVersion(isKraft ? 'kraft' : 'zookeeper'),
    plan,
    ...(isKraft ? { mode: 'kraft' } : {}),
    ...(isSeparate ? { controllers: 'separate' } : {}),
  }
}

async function main(): Promise<number> {
  const wish = parseCommandLine(process.argv.slice(2))
  if (wish === undefined) {
    console.log(HELP)
    return 0
  }
  if (wish.plan === 'namespaces') {
    const code = await reexecInObserver()
    if (code !== undefined) return code
  }
  const cluster = await startCluster(wish)
  await createTestTopic(cluster)
  console.log(describe(cluster))
  return new Promise(() => {
    // Ctrl-C ends it; an open timer keeps the process until then.
    setInterval(() => undefined, 3_600_000)
  })
}

function describe(cluster: Cluster): string {
  const observer = cluster.plan === 'namespaces' ? process.env['KAFKA_HA_TESTBED_OBSERVER'] : undefined
  const isSeparate = cluster.roles.includes('controller')
  const addressOf = ({ host, port }: Server): string => `${host}:${port}`
  const rows = [
    ...cluster.brokers.map((server) => [`kafka${server.id}`, server] as const),
    ...cluster.zookeepers.map((server) => [`zk${server.id}`, server] as const),
    ...(isSeparate ? cluster.controllers : []).map((server, index) => [`controller${index + 1}`, server] as const),
  ]
  return [
    `Kafka ${cluster.kafka} (${cluster.mode}) in ${cluster.directory}`,
    `bootstrap ${cluster.bootstrap.join(',')}`,
    ...(observer === undefined ? [] : [`reached from its observer namespace only: ip netns exec ${observer} COMMAND`]),
    ...(cluster.mode === 'kraft' ? [`controllers ${cluster.controllers.map(addressOf).join(',')}`] : []),
    ...rows.map(([unit, server]) => {
      const logs = server.logFiles.map((file) => `            ${file}`).join('\n')
      return `${unit.padEnd(11)} ${addressOf(server)} id ${server.id} pid ${cluster.pidOf(unit) ?? 'none'}\n${logs}`
    }),
    'Ctrl-C ends it.',
  ].join('\n')
}

endWithNpm()
try {
  process.exit(await main())
} catch (error) {
  console.error(`testbed: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
