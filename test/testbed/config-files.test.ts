import { expect, test } from 'vitest'
import { serverProperties, zooCfg } from '../../testbed/config-files.ts'
import { node } from '../support/testbed-node.ts'

const first = node(1)
const nodes = [first, node(2)]

test('zoo.cfg has the user’s settings and every server', () => {
  const lines = zooCfg(nodes, first, '/data', {}).trim().split('\n')
  expect(lines).toEqual([
    'dataDir=/data',
    'clientPort=2181',
    'clientPortAddress=10.77.0.1',
    'maxClientCnxns=0',
    'initLimit=5',
    'syncLimit=2',
    'admin.enableServer=false',
    'admin.serverAddress=10.77.0.1',
    'admin.serverPort=8080',
    '4lw.commands.whitelist=*',
    'server.1=10.77.0.1:2888:3888',
    'server.2=10.77.0.2:2888:3888',
  ])
})

test('server.properties has the user’s settings', () => {
  const lines = serverProperties(nodes, first, '/data', 18_000, {}).trim().split('\n')
  expect(lines).toContain('zookeeper.connect=10.77.0.1:2181,10.77.0.2:2181')
  expect(lines).toContain('listeners=PLAINTEXT://10.77.0.1:9092')
  expect(lines).toContain('zookeeper.session.timeout.ms=18000')
  expect(lines).toContain('offsets.topic.replication.factor=1')
})

test('a line given by the test replaces the default one', () => {
  const properties = serverProperties(nodes, first, '/data', 18_000, {
    'offsets.topic.replication.factor': '3',
    'broker.rack': 'a',
  })
  expect(properties.match(/offsets\.topic\.replication\.factor=.*/g)).toEqual(['offsets.topic.replication.factor=3'])
  expect(properties).toContain('broker.rack=a\n')
  expect(zooCfg(nodes, first, '/data', { '4lw.commands.whitelist': 'srvr' })).not.toContain('whitelist=*')
})
