import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixtures, told } from './lines.ts'

const directory = new URL('ha-test/', fixtures)

/** What the user's lines say, file by file: the lines are as they were pasted, wrapped and flattened. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'A-stop-broker-1.kafka.log': ['kafka_fetcher_removed 2', 'kafka_fetcher_removed 3'],
  'A-stop-broker-1.zookeeper-node1.log': [
    'zk_session_close_submitted 0x100000e95480002',
    'zk_cnxn_eof 0x100000e95480003',
  ],
  'A-stop-broker-1.zookeeper-others.log': ['zk_session_expired 0x100000e95480003'],
  'B-stop-brokers-1-2.kafka.log': [
    'kafka_group_offsets_expired 3',
    'kafka_fetcher_removed 3',
    'kafka_fetcher_thread_stopping 3 2',
    'kafka_fetcher_thread_stopped 3 2',
    'kafka_fetcher_thread_shutdown 3 2',
  ],
  'B-stop-brokers-1-2.zookeeper.log': ['zk_session_close_submitted 0x200000de6bd0002'],
  'C-kill-broker-1.kafka.log': ['kafka_fetcher_removed 1'],
  'D-stop-zookeepers-1-2.zookeeper.log': ['zk_peer_unreachable 1'],
  'E-kill-zookeeper-1.zookeeper.log': [
    'zk_learner_handler_error java.io.EOFException',
    'zk_sendworker_interrupted java.lang.InterruptedException',
    'zk_sendworker_left 3 1',
    'zk_learner_goodbye /192.168.0.155:33266',
    'zk_learner_handler_error java.io.EOFException',
    'zk_sendworker_interrupted java.lang.InterruptedException',
    'zk_sendworker_left 3 1',
    'zk_learner_goodbye /192.168.0.155:33266',
  ],
  'E-kill-zookeeper-2.zookeeper.log': [
    'zk_peer_unreachable 2 java.net.ConnectException: Connection refused (Connection refused)',
  ],
  'F-stop-node-1.zookeeper.log': ['zk_sendworker_interrupted java.lang.InterruptedException', 'zk_sendworker_left 3 1'],
  'G-kill-node-1.zookeeper.log': [
    'zk_learner_goodbye /192.168.0.155:44758',
    'zk_recvworker_interrupts 3 1',
    'zk_sendworker_interrupted java.lang.InterruptedException',
    'zk_sendworker_left 3 1',
    'zk_session_expired 0x300138012d60000',
    'zk_session_close_submitted 0x300138012d60000',
  ],
  'H-cut-node-1.kafka.log': ['kafka_ioe_client_shutdown', 'kafka_group_unloaded 2'],
  'H-cut-node-1.zookeeper.log': [
    'zk_learner_handler_error java.net.SocketTimeoutException: Read timed out',
    'zk_learner_goodbye /10.0.0.220:33288',
    'zk_session_expired 0x200000de6bd0005',
    'zk_session_close_submitted 0x200000de6bd0005',
  ],
  'I-cut-nodes-1-2.kafka.log': [
    'zkc_session_timed_out 0x200000de6bd0003',
    'zkc_connecting 10.0.0.220/10.0.0.220:2181',
    'zkc_socket_error 10.0.0.220/10.0.0.220:2181 No route to host',
    'zkc_connecting kafka-3/10.0.0.84:2181',
    'kafka_fetch_session_error 3 2 java.io.IOException: Connection to 2 was disconnected before the response was read',
  ],
  'I-cut-nodes-1-2.zookeeper.log': [
    'zk_learner_handler_error java.net.SocketTimeoutException: Read timed out',
    'zk_leader_shutdown Not sufficient followers synced, only synced with sids: [ [3],[3] ]',
    'zk_cnxn_not_running 0x0',
  ],
}

describe("the user's own lines", () => {
  it('are all here', () => {
    expect(readdirSync(directory).sort()).toEqual(Object.keys(expected).sort())
  })

  it.each(Object.entries(expected))('%s', (file, events) => {
    const text = readFileSync(new URL(file, directory), 'utf8')
    const { events: seen, lines } = told(text, {
      component: file.includes('.kafka') ? 'kafka' : 'zookeeper',
      pasted: true,
    })
    const said = seen.map(({ event, fields: { self, peer, session, address, reason } }) => {
      const about = event === 'zk_peer_unreachable' ? undefined : address
      return [event, self, peer, session, about, reason].filter((part) => part !== undefined).join(' ')
    })
    expect(said).toEqual(events)
    // Every line with a time and a level is an event: none is left over.
    const heads = text.match(/\[2024-02-23 \d\d:\d\d:\d\d,\d{3}\] [A-Z]+ /g)?.length ?? 0
    expect([...lines.values()].reduce((sum, count) => sum + count, 0)).toBe(heads)
    expect(seen.filter(({ at }) => at !== undefined)).toHaveLength(heads)
  })
})
