import dns from 'node:dns'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSocket } from '../../../src/sources/kafka/socket.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { openHandles, patient } from '../../support/connections.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { waitUntil } from '../../../testbed/wait.ts'

type Answer = (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void

const startBroker = brokersOfEachTest()
const loopback = [{ address: '127.0.0.1', family: 4 }]
/** Lookups that the system's resolver has not answered. */
let asked: { readonly host: string; readonly answer: Answer }[] = []

let broker: FakeBroker

beforeEach(async () => {
  asked = []
  // Listening looks its address up too.
  broker = await startBroker()
  const silent = (host: string, _: dns.LookupOptions, answer: Answer): void => void asked.push({ host, answer })
  vi.spyOn(dns, 'lookup').mockImplementation(silent as typeof dns.lookup)
})
afterEach(() => {
  // None may be left under way for the next test.
  for (const { answer } of asked) answer(null, [])
  vi.restoreAllMocks()
})

const connect = (host: string, deadlineMs: number, port = 9) => openSocket({ host, port }, undefined, deadlineMs)

describe('while the resolver is silent', () => {
  it('a hundred attempts that time out leave one lookup a host, and nothing else', async () => {
    const before = openHandles()
    const attempts = Array.from({ length: 100 }, (_, i) => connect(i % 2 === 0 ? 'kafka1.test' : 'kafka2.test', 20))
    for (const result of await Promise.all(attempts)) {
      expect(failureOf(result)).toEqual({ reason: 'timeout', detail: 'no connection within 20 ms' })
    }
    await connect('kafka1.test', 20)
    expect(asked.map(({ host }) => host)).toEqual(['kafka1.test', 'kafka2.test'])
    await waitUntil('everything released', () => openHandles() <= before, patient, 2)
  })

  it('every attempt that still waits gets the late answer, those that gave up do not', async () => {
    const { port } = broker.address
    const given = connect('kafka3.test', 20, port)
    const waiting = [connect('kafka3.test', patient, port), connect('kafka3.test', patient, port)]
    expect(failureOf(await given).reason).toBe('timeout')
    asked[0]?.answer(null, loopback)
    for (const result of await Promise.all(waiting)) valueOf(result).destroy()
    await waitUntil('two connections', () => broker.accepted === 2, patient, 2)
    expect(asked).toHaveLength(1)
  })
})

it('an answer is for those who waited: the next attempt asks anew', async () => {
  const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND kafka4.test'), { code: 'ENOTFOUND' })
  for (const count of [1, 2]) {
    const attempt = connect('kafka4.test', patient)
    expect(asked).toHaveLength(count)
    asked.at(-1)?.answer(notFound, [])
    expect(failureOf(await attempt)).toEqual({ reason: 'no_route', detail: notFound.message })
  }
})
