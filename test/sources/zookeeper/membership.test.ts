import { describe, expect, it } from 'vitest'
import type { EnsembleMember } from '../../../src/model/ensemble.ts'
import { hostile } from '../../fuzz/mutations.ts'
import { Prng, seeds } from '../../support/prng.ts'
import { parseMembership } from '../../../src/sources/zookeeper/membership.ts'

function member(id: number, over: Partial<EnsembleMember> = {}): EnsembleMember {
  return { id, role: 'participant', host: `zk${id}`, client: { host: `zk${id}`, port: 2181 }, ...over }
}

describe('one member', () => {
  it.each<[why: string, line: string, EnsembleMember]>([
    [
      'dynamic, any interface: clients reach it where peers do',
      'server.1=zk1:2888:3888:participant;0.0.0.0:2181',
      member(1),
    ],
    ['dynamic, a port only', 'server.1=zk1:2888:3888:participant;2181', member(1)],
    [
      'dynamic, its own client address',
      'server.1=zk1:2888:3888;front:2182',
      member(1, { client: { host: 'front', port: 2182 } }),
    ],
    ['static: not said where clients reach it', 'server.1=zk1:2888:3888', member(1, { client: undefined })],
    ['static observer', 'server.4=zk4:2888:3888:observer', member(4, { role: 'observer', client: undefined })],
    ['observer as old files write it', 'server.4=zk4:2888:3888:OBSERVER;2181', member(4, { role: 'observer' })],
    ['quorum port only, as in old files', 'server.1=zk1:2888', member(1, { client: undefined })],
    ['spaces', '  server.1 = zk1:2888:3888:participant;0.0.0.0:2181\r', member(1)],
    [
      'IPv6',
      'server.1=[fd00::1]:2888:3888:participant;[::]:2181',
      member(1, { host: 'fd00::1', client: { host: 'fd00::1', port: 2181 } }),
    ],
    [
      'IPv6, a port only',
      'server.1=[fd00::1]:2888:3888;2181',
      member(1, { host: 'fd00::1', client: { host: 'fd00::1', port: 2181 } }),
    ],
    ['several addresses: the first', 'server.1=zk1:2888:3888|10.0.0.1:2889:3889:participant;2181', member(1)],
    ['an impossible client port', 'server.1=zk1:2888:3888;99999', member(1, { client: undefined })],
  ])('%s', (_, line, expected) => {
    expect(parseMembership(line)?.members).toEqual([expected])
  })
})

describe('a whole text', () => {
  it('is what /zookeeper/config holds, by id, its version in hexadecimal', () => {
    const text = [
      'server.10=zk10:2888:3888:participant;0.0.0.0:2181',
      'server.2=zk2:2888:3888:observer;0.0.0.0:2181',
      'version=10000001a',
    ].join('\n')
    expect(parseMembership(text)).toEqual({
      members: [member(2, { role: 'observer' }), member(10)],
      version: 0x10000001an,
    })
  })

  it('may be a static file, or what `conf` prints, with everything else passed over', () => {
    const text = `clientPort=2181\ndataDir=/data\nserverId=1\ngroup.1=1:2\nweight.1=3\nmembership: \nserver.1=zk1:2888:3888\n# server.7=zk7:1:2`
    expect(parseMembership(text)).toEqual({ members: [member(1, { client: undefined })], version: undefined })
  })

  it.each([
    '',
    'version=0',
    'server.x=zk1:2888:3888',
    'server.1=',
    'server.1=:2888:3888',
    'server.1=zk1',
    '{"a":1}',
    '\0\xff',
  ])('that names nobody says nothing: %j', (text) => {
    expect(parseMembership(text)).toBeUndefined()
  })

  it.each(seeds)('of hostile bytes names nobody without a host (seed %i)', (seed) => {
    const text = 'server.1=zk1:2888:3888:participant;0.0.0.0:2181\nserver.2=[::1]:1:2|a:1:2;2181\nversion=1a'
    const random = new Prng(seed)
    for (let i = 0; i < 200; i++) {
      const members = parseMembership(hostile(random, [Buffer.from(text)]).toString())?.members ?? []
      for (const { id, host } of members) expect([id >= 0, host !== '']).toEqual([true, true])
    }
  })

  it('is bounded', () => {
    const text = Array.from({ length: 5_000 }, (_, i) => `server.${i}=zk:1:2`).join('\n')
    expect(parseMembership(text)?.members).toHaveLength(1_000)
  })
})
