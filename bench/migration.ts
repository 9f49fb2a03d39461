import { parseArgs } from 'node:util'
import { startExporter } from '../test/support/exporter-process.ts'
import { startCluster } from '../testbed/cluster.ts'
import { createTestTopic } from '../testbed/user-topic.ts'
import { Migration } from './migration/servers.ts'
import { MigrationWatch } from './migration/watch.ts'

const help = `A real cluster taken from ZooKeeper to KRaft: controllers started beside it, its brokers restarted twice, the controllers once, and
ZooKeeper stopped, with an exporter that knows both and is scraped five times a second. Nothing may be called lost, expired or
leaderless on the way, the controller may change with an act only, and every stage must be shown. About four minutes; exits
with 1 if something was wrong.

  npm run bench:migration -- [--kafka VERSION]

  --kafka VERSION   default 3.9.1, the last one that knows both`

const brokers = [1, 2, 3] as const

/** Whatever coordinates. */
const well = {
  kafka_brokers: 3,
  kafka_ha_broker_up: 3,
  kafka_ha_broker_registered: 3,
  kafka_ha_controller_up: 1,
  kafka_ha_unavailable_partitions: 0,
  kafka_ha_under_replicated_partitions: 0,
  kafka_ha_source_disagreements: 0,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 1,
  kafka_ha_broker_session_expired_total: 0,
}
const ofZookeeper = {
  'kafka_ha_quorum_available{kind="zookeeper"}': 1,
  'kafka_ha_quorum_failure_margin{kind="zookeeper"}': 1,
}
const ofKraft = {
  'kafka_ha_quorum_available{kind="kraft"}': 1,
  'kafka_ha_quorum_failure_margin{kind="kraft"}': 1,
}

const { values } = parseArgs({ options: { kafka: { type: 'string', default: '3.9.1' }, help: { type: 'boolean' } } })
if (values.help === true) console.log(help)
else process.exit(await bench(values.kafka))

async function bench(kafka: string): Promise<number> {
  const cluster = await startCluster({ kafka, sessionTimeoutMs: 9000 })
  await createTestTopic(cluster)
  const migration = await Migration.prepare(cluster)
  const exporter = await startExporter([
    ...cluster.bootstrap.map((one) => `--kafka.server=${one}`),
    ...cluster.zookeepers.map(({ host, port }) => `--zookeeper.server=${host}:${port}`),
    ...migration.controllers.map((one) => `--kafka.controller=${one}`),
  ])
  const watch = new MigrationWatch(() => exporter.metrics())
  const watching = watch.run().catch((error: unknown) => watch.problems.push(String(error)))
  try {
    await migrate(watch, migration, () => Promise.all([1, 2, 3].map((id) => cluster.act('stop', `zk${id}`))))
  } catch (error) {
    watch.problems.push(String(error))
    console.log(exporter.log().split('\n').slice(-40).join('\n'))
  } finally {
    watch.end()
    await watching
    await exporter.stop()
    await migration.stop()
    await cluster.destroy()
  }
  for (const problem of watch.problems) console.log(`NOT OK  ${problem}`)
  if (watch.problems.length === 0) console.log('ok: every stage was shown, and nothing that did not happen')
  return watch.problems.length === 0 ? 0 : 1
}

async function migrate(
  watch: MigrationWatch,
  migration: Migration,
  stopZookeeper: () => Promise<unknown>,
): Promise<void> {
  const sessions = { kafka_ha_broker_session: 3, kafka_ha_broker_session_closed_total: 0 }
  await watch.until('ZooKeeper alone', { ...well, ...ofZookeeper, ...sessions })
  await watch.act('controllers start', () => migration.startControllers())
  await watch.until('controllers beside it', { ...well, ...ofZookeeper, ...ofKraft, ...sessions })
  for (const broker of brokers) {
    await watch.act(`broker ${broker} restarts for the migration`, () => migration.restartBroker(broker, 'migrating'))
    const closed = { kafka_ha_broker_session: 3, kafka_ha_broker_session_closed_total: broker }
    await watch.until(`broker ${broker} migrates`, { ...well, ...ofZookeeper, ...ofKraft, ...closed })
  }
  const leader = 'kafka_ha_quorum_leader_id{kind="kraft"}'
  await watch.until('both are written: the active controller is the controller', {
    kafka_ha_controller_id: watch.value(leader),
  })
  for (const broker of brokers) {
    await watch.act(`broker ${broker} restarts without ZooKeeper`, () => migration.restartBroker(broker, 'kraft'))
    const closed = {
      kafka_ha_broker_session: broker === 3 ? undefined : 3 - broker,
      kafka_ha_broker_session_closed_total: 3 + broker,
    }
    await watch.until(`broker ${broker} without ZooKeeper`, { ...well, ...ofZookeeper, ...ofKraft, ...closed })
  }
  for (const index of [0, 1, 2]) {
    await watch.act(`controller ${101 + index} restarts without ZooKeeper`, () => migration.restartController(index))
    await watch.until(`controller ${101 + index} without ZooKeeper`, { ...well, ...ofKraft })
  }
  watch.mayLose('zookeeper')
  await watch.act('ZooKeeper stops', stopZookeeper)
  await watch.until('ZooKeeper has gone, and nobody needs it', {
    ...well,
    ...ofKraft,
    'kafka_ha_quorum_available{kind="zookeeper"}': 0,
  })
}
