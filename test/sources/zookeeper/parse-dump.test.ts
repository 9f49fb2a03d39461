import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDump, type DumpText } from '../../../src/sources/zookeeper/parse-dump.ts'
import { randomBytes, seeded } from '../../support/random.ts'

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/zookeeper-3.8/quorum-all/4lw-${name}-dump.txt`, import.meta.url), 'utf8')

function parsed(text: string, chroot = '/'): DumpText {
  const result = parseDump(text, chroot)
  if (!result.ok) throw new Error(result.failure.detail)
  return result.value
}

const at = (second: number): number => Date.UTC(2026, 10, 22, 14, 13, second)

describe('dump', () => {
  it('of a leader: buckets, and who holds which broker', () => {
    const { leads, buckets, held } = parsed(recorded('leader'))
    expect(leads).toBe(true)
    expect(buckets.map(({ printed, sessions }) => [printed, sessions])).toEqual([
      [at(22), []],
      [at(23), []],
      [at(24), []],
      [at(24), ['0x300001905be0000']],
      [at(25), ['0x100001905f70000']],
    ])
    expect([...held]).toEqual([
      ['0x300001905be0000', { broker: 2, ephemerals: 1 }],
      ['0x100001905f70000', { broker: 1, ephemerals: 2 }],
    ])
  })

  it('of a follower: it tells no expiry', () => {
    expect(parsed(recorded('follower'))).toMatchObject({ leads: false, buckets: [] })
    expect(parsed(recorded('follower')).held.size).toBe(2)
  })

  const leader = (sets: string, ephemerals: string): string =>
    `SessionTracker dump:\n${sets}ephemeral nodes dump:\n${ephemerals}${sets.includes(')/(') ? 'Connections dump:\n' : ''}`

  it.each([
    [
      '3.4: without the second count and the connections',
      'Session Sets (1):\n1 expire at Sun Nov 22 14:13:24 UTC 2026:\n\t0xa\n',
    ],
    ['no zone', 'Session Sets (1):\n1 expire at Sun Nov 22 14:13:24 2026:\n\t0xa\n'],
    ['a zone of numbers', 'Session Sets (1)/(1):\n1 expire at Sun Nov 22 14:13:24 GMT+05:30 2026:\n\t0xa\n'],
    [
      'local sessions',
      'Local Session Sets (0)/(0):\nGlobal Session Sets (1)/(1):\n1 expire at Sun Nov 22 14:13:24 CET 2026:\n\t0x0a\n',
    ],
    ['Windows line ends', 'Session Sets (1):\r\n1 expire at Sun Nov 22 14:13:24 UTC 2026:\r\n\t0xA\r\n'],
  ])('%s', (_, sets) => {
    const text = leader(sets, 'Sessions with Ephemerals (1):\n0xa:\n\t/brokers/ids/7\n')
    expect(parsed(text)).toEqual({
      leads: true,
      buckets: [expect.objectContaining({ printed: at(24), sessions: ['0xa'] })],
      held: new Map([['0xa', { broker: 7, ephemerals: 1 }]]),
    })
  })

  it.each([
    ['/kafka', '/kafka/brokers/ids/1', 1],
    ['/kafka', '/brokers/ids/1', undefined],
    ['/', '/kafka/brokers/ids/1', undefined],
    ['/', '/brokers/ids/1/x', undefined],
    ['/', '/brokers/ids/99999999999', undefined],
  ])('below %s, %s is broker %s', (chroot, path, broker) => {
    const text = leader('Session Sets (0)/(0):\n', `Sessions with Ephemerals (1):\n0xa:\n\t${path}\n`)
    expect(parsed(text, chroot).held.get('0xa')?.broker).toBe(broker)
  })

  it('cut off anywhere before its connections it is no answer, so that nobody takes the rest for ended', () => {
    const text = recorded('leader')
    const end = text.indexOf('Connections dump') + 'Connections dump'.length
    for (let length = 0; length <= text.length; length++) {
      expect(parseDump(text.slice(0, length), '/').ok, `${length} characters`).toBe(length >= end)
    }
  })

  it.each([
    ['empty', ''],
    ['another answer', 'This ZooKeeper instance is not currently serving requests\n'],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    [
      'a month that is none',
      leader('1 expire at Sun Foo 22 14:13:24 UTC 2026:\n\t0xa\n', 'Sessions with Ephemerals (0):\n'),
    ],
    [
      'a day that is none',
      leader('1 expire at Sun Nov 99 14:13:24 UTC 2026:\n\t0xa\n', 'Sessions with Ephemerals (0):\n'),
    ],
    ['another kind of date', leader('1 expire at 2026-11-22:\n\t0xa\n', 'Sessions with Ephemerals (0):\n')],
    [
      'fewer sessions than it says',
      leader('2 expire at Sun Nov 22 14:13:24 UTC 2026:\n\t0xa\n', 'Sessions with Ephemerals (0):\n'),
    ],
  ])('%s is no dump', (_, text) => {
    expect(parseDump(text, '/')).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
  })

  it('survives whatever comes', () => {
    const random = seeded(1)
    const text = Buffer.from(recorded('leader'))
    for (let i = 0; i < 2_000; i++) {
      const bytes = Buffer.from(text)
      for (const byte of randomBytes(random, 8)) bytes[Math.floor(random() * bytes.length)] = byte
      const result = parseDump(bytes.toString(), '/')
      if (!result.ok) expect(result.failure.reason).toBe('protocol')
    }
  })
})
