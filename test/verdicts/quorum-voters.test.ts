import { describe, expect, it } from 'vitest'
import type { Ensemble, EnsembleMember, Membership } from '../../src/model/ensemble.ts'
import { nextVoters, type Voters } from '../../src/verdicts/quorum-voters.ts'
import { dead, ensemble, follows, leads, membership, server, znodes } from '../support/coordinators.ts'

const three = ensemble(leads(2), follows(), follows())
const conf = (found: Ensemble, ...told: readonly Membership[]): Ensemble => ({
  ...found,
  memberships: new Map(told.map((one, i) => [`zk${i + 1}:2181`, one])),
})
const observer = server('observer')

describe('who votes', () => {
  it.each<[why: string, Voters, count: number, mismatches: number]>([
    ['nobody tells: the servers given', nextVoters(undefined, three, undefined), 3, 0],
    ['without the observers', nextVoters(undefined, ensemble(leads(1), follows(), observer), undefined), 2, 0],
    ['conf agrees with the flags', nextVoters(undefined, conf(three, membership(3)), undefined), 3, 0],
    [
      'conf names more: it wins, and two were not given',
      nextVoters(undefined, conf(three, membership(5)), undefined),
      5,
      2,
    ],
    [
      'conf names fewer: one has left',
      nextVoters(undefined, conf(ensemble(leads(2), follows(), follows(), dead()), membership(3)), undefined),
      3,
      1,
    ],
    ['the data name five', nextVoters(undefined, three, znodes({ membership: membership(5) })), 5, 2],
    [
      'a newer version wins; the older one differs',
      nextVoters(undefined, conf(three, membership(3, 0, 1n)), znodes({ membership: membership(5, 0, 2n) })),
      5,
      3,
    ],
    [
      'two servers are configured differently',
      nextVoters(undefined, conf(three, membership(3), membership(4)), undefined),
      3,
      1,
    ],
    [
      'an empty list tells nothing',
      nextVoters(undefined, conf(three, { members: [], version: undefined }), undefined),
      3,
      0,
    ],
    [
      'the size alone is told',
      nextVoters(
        undefined,
        ensemble(server('leader', { numbers: new Map([['quorum_size', 5]]) }), follows(), dead()),
        undefined,
      ),
      5,
      2,
    ],
    [
      'a size that is none',
      nextVoters(undefined, ensemble(server('leader', { numbers: new Map([['quorum_size', -1]]) })), undefined),
      1,
      0,
    ],
    [
      'a server of another ensemble',
      nextVoters(
        undefined,
        conf(ensemble(leads(2), follows(), follows(), server('follower', { id: 9 })), membership(3)),
        undefined,
      ),
      3,
      1,
    ],
    [
      'one is not judged yet, two are',
      nextVoters(undefined, { ...ensemble(leads(2), follows()), given: three.given }, undefined),
      3,
      0,
    ],
    [
      'an AdminServer names the voters only: no sign of the observer, and none against it',
      nextVoters(
        undefined,
        conf(
          ensemble(leads(1), follows(), server('observer', { id: 3 })),
          { ...membership(2, 0), version: undefined, votersOnly: true },
          membership(2, 1),
        ),
        undefined,
      ),
      2,
      0,
    ],
    [
      'nothing but that is told',
      nextVoters(
        undefined,
        conf(ensemble(leads(1), follows(), dead(), server('not_serving', { id: 3 })), {
          ...membership(2, 0),
          version: undefined,
          votersOnly: true,
        }),
        undefined,
      ),
      2,
      1,
    ],
    [
      'its voters are other ones',
      nextVoters(
        undefined,
        conf(three, membership(3, 1), { ...membership(4, 0), version: undefined, votersOnly: true }),
        undefined,
      ),
      3,
      1,
    ],
    ['standalone', nextVoters(undefined, ensemble(server('standalone')), undefined), 1, 0],
    [
      'standalone, and two others given',
      nextVoters(undefined, ensemble(server('standalone'), dead(), dead()), undefined),
      1,
      2,
    ],
  ])('%s', (_, { count, mismatches }, expected, differing) => {
    expect([count, mismatches]).toEqual([expected, differing])
  })

  it('is remembered while nobody tells', () => {
    const before = nextVoters(undefined, conf(three, membership(5)), undefined)
    expect(nextVoters(before, ensemble(dead(), dead(), dead()), undefined)).toMatchObject({ count: 5, mismatches: 2 })
  })

  it('an observer that died has no vote still', () => {
    const before = nextVoters(undefined, ensemble(leads(1), follows(), observer), undefined)
    expect(nextVoters(before, ensemble(leads(1), follows(), dead()), undefined).count).toBe(2)
  })

  it('an observer that was made a voter has one', () => {
    const before = nextVoters(undefined, ensemble(leads(1), follows(), observer), undefined)
    expect(nextVoters(before, ensemble(leads(2), follows(), follows()), undefined).count).toBe(3)
  })
})

describe('member ids', () => {
  const member = (id: number, host: string, client?: EnsembleMember['client']): EnsembleMember => ({
    id,
    role: 'participant',
    host,
    client,
  })
  const onOneHost = [2181, 2182, 2183].map((port, i) => member(i + 1, '127.0.0.1', { host: '0.0.0.0', port }))
  const at = (...addresses: readonly string[]): Ensemble => ({
    given: addresses,
    servers: new Map(addresses.map((address) => [address, follows()])),
    memberships: new Map(),
  })
  const ids = (voters: Voters) => Object.fromEntries(voters.ids)
  it.each<[why: string, Voters, Record<string, number>]>([
    ['as conf tells', nextVoters(undefined, ensemble(server('leader', { id: 4 })), undefined), { 'zk1:2181': 4 }],
    [
      'by the only member on a host',
      nextVoters(undefined, conf(at('ZK2:2181'), membership(3)), undefined),
      { 'ZK2:2181': 2 },
    ],
    [
      'by the port for clients, on any address',
      nextVoters(
        undefined,
        conf(at('127.0.0.1:2182', '127.0.0.1:2183'), { members: onOneHost, version: 1n }),
        undefined,
      ),
      { '127.0.0.1:2182': 2, '127.0.0.1:2183': 3 },
    ],
    [
      'several on a host, no ports: not known',
      nextVoters(
        undefined,
        conf(at('h:1', 'h:2'), { members: [member(1, 'h'), member(2, 'h')], version: 1n }),
        undefined,
      ),
      {},
    ],
    [
      'one of several on a host is given twice: not known',
      nextVoters(
        undefined,
        conf(at('h:1', 'h:2'), { members: [member(1, 'h'), member(2, 'i')], version: 1n }),
        undefined,
      ),
      {},
    ],
    [
      'IPv6',
      nextVoters(undefined, conf(at('[::1]:2181'), { members: [member(3, '::1')], version: 1n }), undefined),
      { '[::1]:2181': 3 },
    ],
    ['by a session made there', nextVoters(undefined, at('zk1:2181'), znodes()), { 'zk1:2181': 1 }],
    [
      'ids above 127',
      nextVoters(undefined, at('zk1:2181'), znodes({ session: { id: '0xc8000001905f0000', timeoutMs: 1 } })),
      { 'zk1:2181': 200 },
    ],
    [
      'a session id that is none',
      nextVoters(undefined, at('zk1:2181'), znodes({ session: { id: 'garbage', timeoutMs: 1 } })),
      {},
    ],
  ])('%s', (_, voters, expected) => {
    expect(ids(voters)).toEqual(expected)
  })

  it('a session that moves to another server says nothing of that', () => {
    const before = nextVoters(undefined, at('zk1:2181', 'zk2:2181'), znodes())
    expect(ids(nextVoters(before, at('zk1:2181', 'zk2:2181'), znodes({ server: 'zk2:2181' })))).toEqual({
      'zk1:2181': 1,
    })
  })

  it('are remembered of a server that tells nothing now', () => {
    const before = nextVoters(undefined, ensemble(server('leader', { id: 4 })), undefined)
    expect(ids(nextVoters(before, ensemble(dead()), undefined))).toEqual({ 'zk1:2181': 4 })
  })
})
