import { describe, expect, it } from 'vitest'
import {
  parseConfiguration,
  parseLongJson,
  parseMonitor,
  parseVotingView,
  parseZxid,
} from '../../../src/sources/zookeeper/parse-admin.ts'
import { parseMntr } from '../../../src/sources/zookeeper/parse-mntr.ts'
import { recorded } from '../../fixtures/zookeeper/texts.ts'

const few = { perNamespace: false }

describe('the AdminServer', () => {
  it('tells in monitor what mntr tells', () => {
    const told = parseMonitor(recorded('3.8-admin-leader-monitor.json'), few)
    const mntr = parseMntr(recorded('3.8-leader-mntr.txt'), few)
    expect(told).toMatchObject({ state: 'leader', syncedFollowers: 2, peerState: 'leading - broadcast' })
    if (typeof told !== 'object') throw new Error('nothing told')
    expect([...told.numbers.keys()].sort()).toEqual([...(mntr?.numbers.keys() ?? [])].sort())
  })

  it('tells who it is and who belongs to the ensemble', () => {
    expect(parseConfiguration(recorded('3.8-admin-leader-configuration.json'))).toEqual({ id: 3, clientPort: 21803 })
    expect(parseVotingView(recorded('3.8-admin-leader-voting_view.json'))).toEqual({
      members: [1, 2, 3].map((id) => ({ id, role: 'participant', host: '127.0.0.1', client: undefined })),
      version: undefined,
      votersOnly: true,
    })
  })

  it('tells in monitor what 3.5 has of it, where it is no error of HTTP either to have no quorum', () => {
    const told = parseMonitor(recorded('3.5.8-admin-leader-monitor.json'), few)
    expect(told).toMatchObject({ state: 'leader', syncedFollowers: 2, peerState: undefined })
    expect(parseMonitor(recorded('3.5.8-admin-lost-monitor.json'), few)).toBe('not_serving')
  })

  it.each(['3.5.8', '3.8.4'])('tells in srvr the zxid, of %s', (version) => {
    expect(parseZxid(recorded(`${version}-admin-leader-srvr.json`))).toBe(0x1_0000_0009n)
  })

  it.each<[string, unknown]>([
    ['{"server_stats":{"last_processed_zxid":9223372036854775807}}', 9223372036854775807n],
    ['{"server_stats":{"last_processed_zxid":-1}}', undefined],
    ['{"server_stats":{"last_processed_zxid":1.5}}', undefined],
    ['{"server_stats":7}', undefined],
    ['{"error":"This ZooKeeper instance is not currently serving requests"}', 'not_serving'],
  ])('%s in srvr is the zxid %s', (text, zxid) => expect(parseZxid(text)).toBe(zxid))

  it('says under HTTP 200 that it does not serve', () => {
    expect(parseConfiguration(recorded('3.8-admin-lost-configuration.json'))).toBe('not_serving')
    expect(parseVotingView(recorded('3.8-admin-lost-voting_view.json'))).toBe('not_serving')
  })

  it.each([
    ['a page of HTML', recorded('3.8-admin-lost-monitor.html')],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['another error', '{"error": "no"}'],
    ['half an object', '{"server_state": "leader"'],
    ['a string that never ends', `{"a": "${'\\"'.repeat(400_000)}`],
    ['ids that are none', '{"current_config": {"x": {"server_addresses": ["a:1"]}, "2": 3, "4": {}}}'],
  ])('%s is no answer', (_, text) => {
    expect(parseMonitor(text, few)).toBeUndefined()
    expect(parseVotingView(text)).toBeUndefined()
  })

  it('keeps ids of 64 bits', () => {
    const { connections } = parseLongJson(recorded('3.8-admin-leader-connections.json')) as {
      connections: readonly { session_id: string }[]
    }
    expect(connections[0]?.session_id).toBe('216172889584304128')
  })

  it.each<[string, unknown]>([
    ['{"a": 12345678901234567890}', { a: '12345678901234567890' }],
    ['[-12345678901234567890]', ['-12345678901234567890']],
    ['{"a": 0.12345678901234567}', { a: 0.12345678901234566 }],
    ['{"a": "12345678901234567890 of: 12345678901234567890"}', { a: '12345678901234567890 of: 12345678901234567890' }],
    ['{"a": "\\"12345678901234567890"}', { a: '"12345678901234567890' }],
    ['{"a": 1234567890123456e2}', { a: 123456789012345600 }],
  ])('reads %s', (text, value) => {
    expect(parseLongJson(text)).toEqual(value)
  })
})
