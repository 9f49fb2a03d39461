import { afterEach, describe, expect, test, vi } from 'vitest'
import { parseCommandLine } from '../../testbed/demo/command-line.ts'
import { parseCommand, parseScript } from '../../testbed/demo/commands.ts'
import { changesBetween, readPicture } from '../../testbed/demo/watched.ts'

afterEach(() => vi.unstubAllEnvs())

describe('parseCommand', () => {
  test.each([
    ['kill kafka1', { kind: 'act', act: 'kill', unit: 'kafka1', text: 'kill kafka1' }],
    ['  stop   node3 ', { kind: 'act', act: 'stop', unit: 'node3', text: 'stop node3' }],
    ['wait 0.5', { kind: 'wait', seconds: 0.5, text: 'wait 0.5' }],
    ['status', { kind: 'status' }],
    ['quit', { kind: 'quit' }],
    [' ', undefined],
  ])('%j', (line, command) => {
    expect(parseCommand(line)).toEqual(command)
  })

  test.each([
    ['kil kafka1', 'did you mean kill?'],
    ['kill kafak1', 'did you mean kafka1?'],
    ['kill kafka4', 'no unit kafka4'],
    ['kill', 'kill what?'],
    ['kill kafka1 kafka2', 'too many words'],
    ['cut node1', 'no network to cut'],
    ['wait', 'wait takes seconds'],
    ['wait -1', 'wait takes seconds'],
    ['wait 4000', 'up to 3600'],
    ['quit now', 'quit stands alone'],
    ['Kill kafka1', 'did you mean kill?'],
  ])('%s: %s', (line, message) => {
    expect(() => parseCommand(line)).toThrow(message)
  })
})

test('a script is understood as a whole', () => {
  expect(parseScript('kill kafka1; wait 20;; quit;').map(({ kind }) => kind)).toEqual(['act', 'wait', 'quit'])
  expect(() => parseScript('kill kafka1; strat kafka1')).toThrow('did you mean start?')
})

test('the command line', () => {
  expect(parseCommandLine(['--kafka', '2.6.0'], 'main.js')).toEqual({
    cluster: { kafka: '2.6.0', mode: 'zookeeper' },
    script: undefined,
    exporter: 'main.js',
    withMonitoring: false,
  })
  expect(parseCommandLine(['--kafka', '4.1.1'], 'main.js')?.cluster.mode).toBe('kraft')
  const script = ['--script', 'kill zk1', '--kafka']
  expect(() => parseCommandLine([...script, '4.1.1'], 'main.js')).toThrow('no unit zk1')
  expect(parseCommandLine([...script, '3.9.1'], 'main.js')?.script).toHaveLength(1)
  expect(parseCommandLine(['--with-monitoring'], 'main.js')?.withMonitoring).toBe(true)
  expect(parseCommandLine(['--help'], 'main.js')).toBeUndefined()
  expect(() => parseCommandLine(['--kafak', '2.6.0'], 'main.js')).toThrow('--kafak')
})

test.each([
  [['--kraft'], { kafka: '4.1.1', mode: 'kraft' }],
  [['--kraft', '--kafka', '3.9.1'], { kafka: '3.9.1', mode: 'kraft' }],
  [['--separate-controllers'], { kafka: '4.1.1', mode: 'kraft', controllers: 'separate' }],
  [[], { kafka: '3.9.1', mode: 'zookeeper' }],
])('%j', (args, cluster) => {
  vi.stubEnv('KAFKA_HOME', '')
  expect(parseCommandLine(args, 'main.js')?.cluster).toEqual(cluster)
})

test('units are those of the cluster', () => {
  const script = ['--script', 'kill controller1']
  expect(parseCommandLine([...script, '--separate-controllers'], 'main.js')?.script).toHaveLength(1)
  expect(() => parseCommandLine([...script, '--kraft'], 'main.js')).toThrow('no unit controller1')
  expect(() => parseCommandLine(['--kraft', '--kafka', '2.6.0'], 'main.js')).toThrow('knows no KRaft')
})

const BEFORE = readPicture(`# TYPE kafka_topic_partition_leader gauge
kafka_topic_partition_leader{topic="test-topic",partition="0"} 2
kafka_topic_partition_leader{topic="__consumer_offsets",partition="0"} 1
# TYPE kafka_ha_broker_up gauge
kafka_ha_broker_up{broker="1"} 1
kafka_ha_broker_up{broker="2"} 1
# TYPE kafka_ha_source_duration_seconds gauge
kafka_ha_source_duration_seconds{source="topology"} 0.1
`)
const AFTER = readPicture(`# TYPE kafka_topic_partition_leader gauge
kafka_topic_partition_leader{topic="test-topic",partition="0"} 3
kafka_topic_partition_leader{topic="__consumer_offsets",partition="0"} -1
# TYPE kafka_ha_broker_up gauge
kafka_ha_broker_up{broker="1"} 1
kafka_ha_broker_up{broker="2"} 0
# TYPE kafka_ha_broker_down_reason gauge
kafka_ha_broker_down_reason{broker="2",reason="refused"} 1
# TYPE kafka_ha_source_duration_seconds gauge
kafka_ha_source_duration_seconds{source="topology"} 0.2
`)

describe('changesBetween', () => {
  test('tells what changed, in the order of the story, without noise and internal topics', () => {
    expect(changesBetween(BEFORE, AFTER)).toEqual([
      'kafka_ha_broker_up{broker="2"} 1 -> 0',
      'kafka_ha_broker_down_reason{broker="2",reason="refused"} absent -> 1',
      'kafka_topic_partition_leader{topic="test-topic",partition="0"} 2 -> 3',
    ])
  })

  test('what has gone is a change', () => {
    expect(changesBetween(AFTER, BEFORE)).toContain(
      'kafka_ha_broker_down_reason{broker="2",reason="refused"} 1 -> absent',
    )
  })

  test('nothing between equals', () => {
    expect(changesBetween(AFTER, AFTER)).toEqual([])
  })
})
