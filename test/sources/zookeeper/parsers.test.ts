import { describe, expect, it } from 'vitest'
import { parseMembership } from '../../../src/sources/zookeeper/membership.ts'
import { parseConf } from '../../../src/sources/zookeeper/parse-conf.ts'
import { parseMntr } from '../../../src/sources/zookeeper/parse-mntr.ts'
import { parseSrvr } from '../../../src/sources/zookeeper/parse-srvr.ts'
import { conf34, mntr34, recorded, srvr34 } from '../../fixtures/zookeeper/texts.ts'

const few = { perNamespace: false }
const version38 = '3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC'

describe('parseMntr', () => {
  it.each([
    ['3.8-leader-mntr.txt', 'leader', 2, 'leading - broadcast'],
    ['3.8-follower-mntr.txt', 'follower', undefined, 'following - broadcast'],
    ['3.8-read-only-mntr.txt', 'read_only', undefined, undefined],
    ['3.8-standalone-mntr.txt', 'standalone', undefined, undefined],
    ['3.5.8-leader-mntr.txt', 'leader', 2, undefined],
    ['3.5.8-follower-mntr.txt', 'follower', undefined, undefined],
    ['3.8.4-leader-mntr.txt', 'leader', 2, 'leading - broadcast'],
  ])('%s: %s', (file, state, syncedFollowers, peerState) => {
    expect(parseMntr(recorded(file), few)).toMatchObject({ state, syncedFollowers, peerState })
  })

  it('keeps every number, averages with their decimals, and what is no number only where it has a place', () => {
    const told = parseMntr(recorded('3.8-leader-mntr.txt'), few)
    expect(told?.version).toBe(version38)
    expect(told?.numbers.get('avg_latency')).toBe(5)
    expect(told?.numbers.get('avg_proposal_process_time')).toBe(0.5)
    expect(told?.numbers.get('quorum_size')).toBe(3)
    expect(told?.numbers.has('version')).toBe(false)
    expect(told?.zxid).toBeUndefined()
    expect(told?.omitted).toBe(0)
  })

  it('reads 3.4', () => {
    const told = parseMntr(mntr34, few)
    expect(told).toMatchObject({ state: 'leader', syncedFollowers: 2, peerState: undefined })
    expect(told?.numbers.get('followers')).toBe(2)
  })

  it('has per-namespace numbers only where they are wanted, with the znode names as they are', () => {
    const text = 'zk_server_state\tfollower\nzk_avg_a b_read_per_namespace\t3\nzk_avg_größe_read_per_namespace\t1.5\n'
    expect(parseMntr(text, few)?.numbers.size).toBe(0)
    expect([...(parseMntr(text, { perNamespace: true })?.numbers ?? [])]).toEqual([
      ['avg_a b_read_per_namespace', 3],
      ['avg_größe_read_per_namespace', 1.5],
    ])
  })

  it.each([
    ['CRLF', mntr34.replaceAll('\n', '\r\n')],
    ['a leader that says so in capitals', mntr34.replace('leader', 'LEADER')],
    ['lines that are none', `garbage\n\t\t\n${mntr34}=\n`],
  ])('takes %s', (_, text) => {
    expect(parseMntr(text, few)).toMatchObject({ state: 'leader', syncedFollowers: 2 })
  })

  it('leaves out a number of which only the beginning came', () => {
    const whole = 'zk_server_state\tleader\nzk_uptime\t123'
    expect(parseMntr(`${whole}456\n`, few)?.numbers.get('uptime')).toBe(123_456)
    expect(parseMntr(whole, few)?.numbers.has('uptime')).toBe(false)
  })

  it.each(['NaN', 'Infinity', '1e999', 'true', '0x10', '', ' ', '1_000', '1'.repeat(41)])('%j is no number', (text) => {
    expect(parseMntr(`zk_server_state\tleader\nzk_x\t${text}\n`, few)?.numbers.has('x')).toBe(false)
  })

  it.each([
    ['1.0E-5', 0.00001],
    ['-1', -1],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
  ])('%s is a number', (text, value) => {
    expect(parseMntr(`zk_server_state\tleader\nzk_x\t${text}\n`, few)?.numbers.get('x')).toBe(Number(value))
  })

  it('keeps 1,500 numbers and counts the rest', () => {
    const many = Array.from({ length: 1_600 }, (_, i) => `zk_n${i}\t${i}`).join('\n')
    const told = parseMntr(`zk_server_state\tleader\n${many}\n`, few)
    expect(told?.numbers.size).toBe(1_500)
    expect(told?.omitted).toBe(100)
  })

  it.each(['', 'imok', 'zk_version\t3.8.0\n', 'zk_server_state\tstarting\n', '\t', 'HTTP/1.1 400 Bad Request\r\n'])(
    '%j tells of no server that serves',
    (text) => {
      expect(parseMntr(text, few)).toBeUndefined()
    },
  )
})

describe('parseSrvr', () => {
  it.each([
    ['3.8-leader-srvr.txt', 'leader', 0x1_0000_0009n],
    ['3.8-follower-srvr.txt', 'follower', 0x1_0000_0009n],
    ['3.8-read-only-srvr.txt', 'read_only', 0n],
    ['3.8-standalone-srvr.txt', 'standalone', 0n],
  ])('%s: %s', (file, state, zxid) => {
    expect(parseSrvr(recorded(file))).toMatchObject({ state, zxid, version: version38 })
  })

  it('has the numbers under the names of mntr', () => {
    expect([...(parseSrvr(recorded('3.8-leader-srvr.txt'))?.numbers ?? [])]).toEqual([
      ['min_latency', 1],
      ['avg_latency', 5],
      ['max_latency', 11],
      ['packets_received', 6],
      ['packets_sent', 5],
      ['num_alive_connections', 2],
      ['outstanding_requests', 0],
      ['znode_count', 12],
      ['last_proposal_size', 100],
      ['min_proposal_size', 48],
      ['max_proposal_size', 193],
    ])
    expect(parseSrvr(recorded('3.8-follower-srvr.txt'))?.numbers.get('avg_latency')).toBe(2.9231)
  })

  it('reads 3.4', () => {
    expect(parseSrvr(srvr34)).toMatchObject({ state: 'leader', zxid: 0x5_0000_002fn })
  })

  it.each([
    ['CRLF', srvr34.replaceAll('\n', '\r\n')],
    ['lines that it does not know', `constructor: 1\n__proto__: 2\n${srvr34}Something new: 1/2/3/4\n`],
    ['a zxid that is none', srvr34.replace('0x50000002f', '0xfffffffffffffffff')],
    ['latencies that are missing', srvr34.replace('0/0/17', '//')],
  ])('takes %s', (_, text) => {
    expect(parseSrvr(text)?.state).toBe('leader')
  })

  it.each(['', 'Mode:', 'Mode: leader', 'Mode: electing\n', 'imok', ':\n:\n'])('%j tells of no server', (text) => {
    expect(parseSrvr(text)).toBeUndefined()
  })
})

describe('parseConf', () => {
  const member = (id: number, rest: object = {}): object => {
    return { id, role: 'participant', host: '127.0.0.1', client: undefined, ...rest }
  }

  it('has the id and the members, and the version, which is hexadecimal', () => {
    expect(parseConf(recorded('3.8-leader-conf.txt'))).toEqual({
      id: 3,
      membership: { members: [member(1), member(2), member(3)], version: 0x1_0000_0000n },
    })
  })

  it.each([
    ['standalone', recorded('3.8-standalone-conf.txt'), 0],
    ['read-only', recorded('3.8-read-only-conf.txt'), 1],
    ['3.4', conf34, 2],
  ])('%s names no members', (_, text, id) => {
    expect(parseConf(text)).toEqual({ id, membership: undefined })
  })

  it.each(['', 'imok', 'serverId=', 'serverId=x\n', 'conf is not'])('%j is no conf', (text) => {
    expect(parseConf(text)).toBeUndefined()
  })

  it.each<[string, object | undefined]>([
    ['zk1:2888:3888:participant;0.0.0.0:2181', { host: 'zk1', client: { host: 'zk1', port: 2181 } }],
    ['zk1:2888:3888:participant;2181', { host: 'zk1', client: { host: 'zk1', port: 2181 } }],
    ['zk1:2888:3888:participant;front:2181', { host: 'zk1', client: { host: 'front', port: 2181 } }],
    ['zk1:2888:3888:observer', { host: 'zk1', role: 'observer' }],
    ['zk1:2888:3888:observer;zk1:2181', { host: 'zk1', role: 'observer', client: { host: 'zk1', port: 2181 } }],
    ['zk1:2888:3888', { host: 'zk1' }],
    ['[fd00::1]:2888:3888:participant;[::]:2181', { host: 'fd00::1', client: { host: 'fd00::1', port: 2181 } }],
    ['zk1:2888:3888|zk1b:2888:3888:participant;2181', { host: 'zk1', client: { host: 'zk1', port: 2181 } }],
    ['zk1', undefined],
    ['', undefined],
  ])('server.1=%s', (text, expected) => {
    const members = parseMembership(`server.1=${text}\n`)?.members
    expect(members).toEqual(expected === undefined ? undefined : [member(1, expected)])
  })

  it('takes no more than 1,000 members', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => `server.${i}=zk${i}:1:2`).join('\n')
    expect(parseMembership(many)?.members.length).toBe(1_000)
  })
})
