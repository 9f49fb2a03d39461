import { describe, expect, test } from 'vitest'
import { modeOf } from '../../testbed/cluster.ts'
import { controllerProperties, kraftProperties, type KraftOptions } from '../../testbed/kraft.ts'
import { controllerServer } from '../../testbed/layout.ts'
import { node } from '../support/testbed-node.ts'

const first = node(1)
const combined: KraftOptions = {
  nodes: [first, node(2)],
  isSeparate: false,
  sessionTimeoutMs: undefined,
  brokerConfig: {},
}
const separate: KraftOptions = { ...combined, isSeparate: true }

function lines(properties: string): string[] {
  return properties.trim().split('\n')
}

describe('server.properties without ZooKeeper', () => {
  test('of a broker that is a controller as well', () => {
    const found = lines(kraftProperties(combined, first, '/data'))
    expect(found).toContain('process.roles=broker,controller')
    expect(found).toContain('node.id=1')
    expect(found).toContain('listeners=PLAINTEXT://10.77.0.1:9092,CONTROLLER://10.77.0.1:9093')
    expect(found).toContain('controller.quorum.voters=1@10.77.0.1:9093,2@10.77.0.2:9093')
    expect(found.filter((line) => line.includes('zookeeper') || line.includes('session'))).toEqual([])
  })

  test('of a broker beside controllers', () => {
    const found = lines(kraftProperties(separate, first, '/data'))
    expect(found).toContain('process.roles=broker')
    expect(found).toContain('listeners=PLAINTEXT://10.77.0.1:9092')
    expect(found).toContain('controller.quorum.voters=101@10.77.0.1:9093,102@10.77.0.2:9093')
  })

  test('of a separate controller: what was set for brokers, but its own listener', () => {
    const brokerConfig = { listeners: 'SSL://10.77.0.1:9094', 'min.insync.replicas': '2' }
    const options = { ...separate, sessionTimeoutMs: 6_000, brokerConfig }
    const found = lines(controllerProperties(options, first, '/data'))
    expect(found).toContain('process.roles=controller')
    expect(found).toContain('node.id=101')
    expect(found).toContain('min.insync.replicas=2')
    expect(found).toContain('broker.session.timeout.ms=6000')
    expect(found.filter((line) => line.startsWith('listeners='))).toEqual(['listeners=CONTROLLER://10.77.0.1:9093'])
    expect(lines(kraftProperties(options, first, '/data'))).toContain(
      'listeners=PLAINTEXT://10.77.0.1:9092,SSL://10.77.0.1:9094',
    )
  })
})

test('a controller within a broker writes into the broker’s logs', () => {
  expect(controllerServer('/c', first, false)).toMatchObject({ id: 1, port: 9093 })
  expect(controllerServer('/c', first, false).logFiles).toContain('/c/kafka1/logs/controller.log')
  expect(controllerServer('/c', first, true)).toMatchObject({ id: 101, port: 9093 })
  expect(controllerServer('/c', first, true).logFiles).toContain('/c/controller1/logs/controller.log')
})

test.each([
  [{ kafka: '3.9.1' }, 'zookeeper'],
  [{ kafka: '3.9.1', mode: 'kraft' }, 'kraft'],
  [{ kafka: '4.1.1' }, 'kraft'],
  [{ kafka: '4.1.1', controllers: 'separate' }, 'kraft'],
] as const)('%j runs in mode %s', (options, mode) => {
  expect(modeOf(options)).toBe(mode)
})

test.each([
  [{ kafka: '4.1.1', mode: 'zookeeper' }, 'Kafka 4.1.1 knows no ZooKeeper'],
  [{ kafka: '2.6.0', mode: 'kraft' }, 'Kafka 2.6.0 knows no KRaft'],
  [{ kafka: '3.9.1', controllers: 'separate' }, 'controllers separate: only in mode kraft'],
] as const)('%j: %s', (options, message) => {
  expect(() => modeOf(options)).toThrow(message)
})
