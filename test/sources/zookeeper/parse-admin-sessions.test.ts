import { describe, expect, it } from 'vitest'
import { parseAdminDump, parseConnections } from '../../../src/sources/zookeeper/parse-admin-sessions.ts'
import { recorded } from '../../fixtures/zookeeper/texts.ts'

const lost = 'This ZooKeeper instance is not currently serving requests'

describe.each([
  ['3.5.8', '0x20001b1ec1c0000', '0x10001b1eb9f0000'],
  ['3.8.4', '0x30001b1b7710000', '0x10001b1b6c70000'],
])("the AdminServer's sessions, of %s", (version, ours, theirs) => {
  it('the leader says who expires when, and who holds what', () => {
    const dump = parseAdminDump(recorded(`${version}-admin-leader-dump.json`), '/')
    if (!dump.ok) throw new Error(dump.failure.detail)
    const { leads, buckets, held } = dump.value
    expect(leads).toBe(true)
    expect(buckets.at(-1)?.at).toBe(version === '3.5.8' ? 28_470_000 : 28_458_000)
    // The last one holds nothing.
    expect(buckets.at(-1)?.sessions).toEqual([ours, theirs, theirs.replace(/0$/, '1')])
    expect([...held]).toEqual([
      [ours, { broker: 1, ephemerals: 1 }],
      [theirs, { broker: 2, ephemerals: 2 }],
    ])
  })

  it('a follower knows no times, so it does not lead', () => {
    const dump = parseAdminDump(recorded(`${version}-admin-follower-dump.json`), '/')
    expect(dump).toMatchObject({ ok: true, value: { leads: false, buckets: [] } })
  })

  it('every digit of an id counts, and each has its timeout', () => {
    const dump = parseAdminDump(recorded(`${version}-admin-leader-dump.json`), '/')
    const [leader, follower] = ['leader', 'follower'].map((role) => {
      const read = parseConnections(recorded(`${version}-admin-${role}-connections.json`))
      return read.ok ? read.value : new Map<string, number>()
    })
    const connected = [...(leader?.entries() ?? []), ...(follower?.entries() ?? [])]
    expect(connected.map(([, timeoutMs]) => timeoutMs)).toEqual([30_000, 30_000, 30_000])
    const listed = dump.ok ? dump.value.buckets.flatMap(({ sessions }) => sessions) : []
    expect(connected.map(([session]) => session).sort()).toEqual([...listed].sort())
  })

  it('without a quorum it says so, under HTTP 200', () => {
    const failure = { reason: 'protocol', detail: expect.stringContaining('does not serve') as unknown }
    expect(parseAdminDump(recorded(`${version}-admin-lost-dump.json`), '/')).toMatchObject({ ok: false, failure })
    expect(parseConnections(recorded(`${version}-admin-lost-connections.json`))).toMatchObject({ ok: false, failure })
  })
})

describe("the AdminServer's sessions", () => {
  it("finds brokers below Kafka's own root only", () => {
    const text =
      '{"expiry_time_to_session_ids":{"3000":[1]},"session_id_to_ephemeral_paths":{"1":["/k/brokers/ids/7"]}}'
    const brokers = ['/', '/k'].map((chroot) => {
      const dump = parseAdminDump(text, chroot)
      return dump.ok ? dump.value.held.get('0x1')?.broker : undefined
    })
    expect(brokers).toEqual([undefined, 7])
  })

  it('writes the ids of servers above 127, which are negative, as ZooKeeper does', () => {
    const text = '{"connections":[{"session_id":-9223372036854775808,"session_timeout":6000}],"error":null}'
    expect(parseConnections(text)).toEqual({ ok: true, value: new Map([['0x8000000000000000', 6_000]]) })
  })

  it('passes over connections that have no session yet, and timeouts that are none', () => {
    const text = '{"connections":[{"remote_socket_address":"a"},{"session_id":0}],"secure_connections":[{"session_id":5,"session_timeout":-1}]}' // prettier-ignore
    expect(parseConnections(text)).toEqual({ ok: true, value: new Map([['0x5', undefined]]) })
  })

  it.each([
    ['a page of HTML', '<html>HTTP ERROR 500</html>'],
    ['nothing', ''],
    ['half an answer', '{"expiry_time_to_session_ids":{"3000":[1'],
    ['an error', JSON.stringify({ command: 'dump', error: lost })],
    ['another error', '{"error":"no"}'],
    ['other fields', '{"error":null}'],
    ['times that are none', '{"expiry_time_to_session_ids":{"soon":[1]},"session_id_to_ephemeral_paths":{}}'],
    ['sessions that are no list', '{"expiry_time_to_session_ids":{"3000":1},"session_id_to_ephemeral_paths":{}}'],
    ['ids that are none', '{"expiry_time_to_session_ids":{"3000":["x"]},"session_id_to_ephemeral_paths":{}}'],
    ['ids with a fraction', '{"expiry_time_to_session_ids":{"3000":[1.5]},"session_id_to_ephemeral_paths":{}}'],
    ['paths that are none', '{"expiry_time_to_session_ids":{},"session_id_to_ephemeral_paths":{"1":[7]}}'],
    ['holders that are none', '{"expiry_time_to_session_ids":{},"session_id_to_ephemeral_paths":{"a":[]}}'],
    ['connections that are none', '{"connections":[7]}'],
    ['connections of no session', '{"connections":[{"session_id":"x"}]}'],
  ])('%s is no answer', (_, text) => {
    expect(parseAdminDump(text, '/')).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
    expect(parseConnections(text)).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
  })
})
