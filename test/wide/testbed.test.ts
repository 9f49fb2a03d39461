import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCluster } from '../../testbed/cluster.ts'
import { isAlive } from '../../testbed/process-identity.ts'
import type { Cluster, Unit } from '../../testbed/types.ts'
import { createTestTopic, TEST_TOPIC } from '../../testbed/user-topic.ts'
import { waitUntil } from '../../testbed/wait.ts'

const CLUSTER = new URL('../../testbed/cluster.ts', import.meta.url).href

async function leaders(cluster: Cluster): Promise<number[]> {
  const partitions = await cluster.describeTopics()
  return partitions.filter(({ topic }) => topic === TEST_TOPIC).map(({ leader }) => leader)
}

describe.each(['3.9.1', '2.6.0'])('a cluster of Kafka %s', (kafka) => {
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await startCluster({ kafka, sessionTimeoutMs: 6_000 })
    await createTestTopic(cluster)
  })

  afterAll(() => cluster.destroy())

  test('has the user’s topic', async () => {
    expect(await leaders(cluster)).toEqual([2, 3, 1])
    const offsets = await cluster.getOffsets(TEST_TOPIC, -1)
    expect(offsets.map(({ offset }) => offset)).toEqual([1, 6, 3])
  })

  test('writes the log files it names', () => {
    for (const server of [...cluster.brokers, ...cluster.zookeepers]) {
      expect(server.logFiles.filter((file) => !existsSync(file))).toEqual([])
    }
    expect(cluster.brokers[0]?.logFiles.map((file) => file.split('/').at(-1))).toContain('controller.log')
  })

  test('fails over when a broker is stopped, and takes it back', async () => {
    await cluster.act('stop', 'kafka1')
    expect(cluster.isRunning('kafka1')).toBe(false)
    expect(await leaders(cluster)).toEqual([2, 3, 2])
    await expect(cluster.act('stop', 'kafka1')).rejects.toThrow('kafka1 is not running')
    await cluster.act('start', 'kafka1')
    expect(cluster.isRunning('node1')).toBe(true)
  })

  test('starts a killed broker again once its session has expired', async () => {
    const before = cluster.pidOf('kafka3')
    await cluster.act('kill', 'kafka3')
    expect(cluster.pidOf('kafka3')).toBeUndefined()
    await cluster.act('start', 'kafka3')
    expect(cluster.pidOf('kafka3')).not.toBe(before)
  })

  test('a paused server has to be resumed before it can be stopped', async () => {
    await cluster.act('pause', 'zk2')
    await expect(cluster.act('stop', 'zk2')).rejects.toThrow('zk2 is paused')
    await cluster.act('resume', 'zk2')
    await expect(cluster.act('resume', 'zk2')).rejects.toThrow('zk2 is not paused')
  })

  test('has no cable to cut', async () => {
    await expect(cluster.act('cut', 'node1')).rejects.toThrow('needs the namespaces plan')
    await expect(cluster.split([1], [2])).rejects.toThrow('need the namespaces plan')
  })
})

test('an end leaves nothing, and neither does the start after a crash', async () => {
  const script = `
    const { startCluster } = await import(${JSON.stringify(CLUSTER)})
    const cluster = await startCluster({ kafka: '3.9.1', nodes: 1 })
    console.log(JSON.stringify({ directory: cluster.directory, pids: ['zk1', 'kafka1'].map((unit) => cluster.pidOf(unit)) }))
    setInterval(() => undefined, 1000)`
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  owner.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await waitUntil('the owner’s cluster', () => output.endsWith('\n'), 60_000)
  const { directory, pids } = JSON.parse(output) as { directory: string; pids: number[] }
  owner.kill('SIGKILL')
  await sleep(500)
  expect(pids.filter(isAlive)).toEqual(pids)

  const next = await startCluster({ kafka: '3.9.1', nodes: 1 })
  expect([pids.filter(isAlive), existsSync(directory)]).toEqual([[], false])
  const own = (['zk1', 'kafka1'] as Unit[]).map((unit) => next.pidOf(unit) ?? 0)
  await next.destroy()
  expect([own.filter(isAlive), existsSync(next.directory)]).toEqual([[], false])
})
