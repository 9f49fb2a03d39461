import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { FakeCluster } from './cluster.ts'
import { run } from './commands.ts'

const help = `A Kafka cluster that is not one: ApiVersions, Metadata, ListOffsets, DescribeConfigs and ListPartitionReassignments
of any number of partitions, on ports of 127.0.0.1. Nothing can be produced or consumed.

  npm run --silent bench:cluster -- [--brokers N] [--partitions N] [--topic-partitions N] [--replicas N]
      [--versions 2.6|3.9] [--mode zookeeper|kraft] [--order stable|changing] [--port N]

  --brokers N            1 to 100, default 3
  --partitions N         up to 200000, default 1000, in topics of --topic-partitions, default 50
  --replicas N           of each partition, default 3
  --versions V           whose api versions are offered, default 3.9
  --mode M               kraft offers DescribeQuorum (and does not answer it), default zookeeper
  --order O              of the topics in Metadata replies: the same in all, or another in each; default stable
  --port N               of broker 1, the others follow; default: any that are free

Prints {"ready":true,"ports":[...]} and then obeys a JSON command a line, each with one line of JSON for an answer:

  {"do":"partitions","where":{"ledBy":3,"share":0.5},"set":{"leader":"next","isr":"leader","epochs":1}}
      where: topic, partition, ledBy, share; set: leader (id, -1, "next"), isr (ids, "leader", "replicas"), replicas,
      offline, adding, removing, error (in Metadata), offsetError (in ListOffsets), epochs (added to the leader epoch)
  {"do":"topics","topic":"team-0.events-000000","set":{"minIsr":1,"uncleanElection":true}}
  {"do":"kill","broker":3,"elect":true}      its port refuses; elect: and the others notice
  {"do":"revive","broker":3}                 {"do":"hang","broker":3}      {"do":"release","broker":3}
  {"do":"latency","broker":3,"ms":40}        without broker: of all
  {"do":"freeze","broker":3}                 it goes on believing what is true now, whatever changes; "thaw" ends that
  {"do":"controller","broker":2}             {"do":"advance","by":100}     (log ends)
  {"do":"counts"}                            requests since the last time

Ends when its input does.`

const { values } = parseArgs({
  options: {
    brokers: { type: 'string', default: '3' },
    partitions: { type: 'string', default: '1000' },
    'topic-partitions': { type: 'string', default: '50' },
    replicas: { type: 'string', default: '3' },
    versions: { type: 'string', default: '3.9' },
    mode: { type: 'string', default: 'zookeeper' },
    order: { type: 'string', default: 'stable' },
    port: { type: 'string', default: '0' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) console.log(help)
else await serve()

async function serve(): Promise<void> {
  // Before anything else: whoever started this may be gone by the time it is ready.
  const lines = createInterface({ input: process.stdin })
  lines.on('close', () => process.exit())
  const cluster = await FakeCluster.start({
    brokers: whole('brokers', 1, 100),
    partitions: whole('partitions', 0, 200_000),
    topicPartitions: whole('topic-partitions', 1, 200_000),
    replicas: whole('replicas', 1, 100),
    versions: oneOf('versions', ['2.6', '3.9']),
    mode: oneOf('mode', ['zookeeper', 'kraft']),
    order: oneOf('order', ['stable', 'changing']),
    port: whole('port', 0, 65_436),
  })
  const say = (answer: unknown): void => console.log(JSON.stringify(answer))
  let last = Promise.resolve()
  lines.on('line', (line) => {
    last = last.then(async () => {
      try {
        say({ ok: true, ...(await run(cluster, line)) })
      } catch (error) {
        say({ ok: false, error: error instanceof Error ? error.message : String(error) })
      }
    })
  })
  say({ ready: true, ports: cluster.brokers.map(({ listener }) => listener.port) })
}

function whole(flag: keyof typeof values, least: number, most: number): number {
  const value = Number(values[flag])
  if (Number.isInteger(value) && value >= least && value <= most) return value
  return refuse(`--${flag}: a whole number from ${least} to ${most} is needed, not ${values[flag]}`)
}

function oneOf<const T extends string>(flag: keyof typeof values, known: readonly T[]): T {
  return (
    known.find((one) => one === values[flag]) ?? refuse(`--${flag}: one of ${known.join(', ')}, not ${values[flag]}`)
  )
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
