import { describe, expect, it } from 'vitest'
import { saslLogin } from '../../src/sources/kafka/sasl.ts'
import { waitUntil } from '../../testbed/wait.ts'
import { decoderCase, newTally, randomOf, truncated } from './decoders.ts'
import { HostileServer } from './exchanges.ts'
import { hostile } from './mutations.ts'
import { streamCase } from './streams.ts'
import { targets } from './targets.ts'

/** A slice of `npm run bench:fuzz`; a violation names its seed and case, and how to run it alone. */
const seed = 20261125

describe('decoders', () => {
  it.each(targets)('$name: valid replies are values, and cut at every length nothing worse than failures', (target) => {
    for (const reply of target.valid) expect(target.judge(reply).wrong).toBeUndefined()
    const tally = newTally()
    truncated(target, tally)
    expect(tally.violations).toEqual([])
    expect(tally.values).toBeGreaterThan(0)
    expect(tally.failures).toBeGreaterThan(tally.values)
  })

  it('take 50,000 hostile replies without harm', () => {
    const tally = newTally()
    for (let number = 0; number < 50_000; number++) decoderCase(targets, seed, number, tally)
    expect(tally.violations).toEqual([])
    // Neither all too wild nor all too tame.
    expect(tally.values).toBeGreaterThan(5_000)
    expect(tally.failures).toBeGreaterThan(5_000)
  })
})

describe('the framer', () => {
  it('cuts 10,000 hostile streams as one would with the whole stream at hand', () => {
    const tally = newTally()
    for (let number = 0; number < 10_000; number++) streamCase(seed, number, tally)
    expect(tally.violations).toEqual([])
    expect(tally.values).toBeGreaterThan(1_000)
    expect(tally.failures).toBeGreaterThan(1_000)
  })
})

describe('connections', () => {
  it('settle every request of 600 hostile exchanges, each with its own reply or the right reason', async () => {
    const server = await HostileServer.start()
    const tally = newTally()
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < 600) await server.run(seed, next++, tally)
    }
    await Promise.all(Array.from({ length: 32 }, worker))
    expect(tally.violations).toEqual([])
    expect(tally.values).toBeGreaterThan(100)
    expect(tally.failures).toBeGreaterThan(100)
    await waitUntil('every connection closed', () => server.open === 0, 10_000, 2)
    await server.stop()
  }, 60_000)
})

describe('a SASL server', () => {
  const prefixed = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length]), bytes])

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const)(
    'that says anything at all to %s gets no exception out of it',
    async (mechanism) => {
      const login = saslLogin({ mechanism, username: 'u', password: 'p', token: () => Promise.resolve('t') })
      const ends = { in: 0, auth: 0, other: 0 }
      let finalMessages = 0
      for (let number = 0; number < 400; number++) {
        const random = randomOf(seed, number)
        // The handshake succeeds; what comes after it is hostile, some of it with the client's own nonce.
        const request = (call: { readonly api: string; readonly body: Buffer }): Promise<never> => {
          const nonce = /r=([^,]*)/.exec(call.body.toString())?.[1] ?? ''
          if (call.body.includes(',p=')) finalMessages++
          const first = Buffer.from(`r=${nonce},s=c29tZSBzYWx0,i=4096`)
          const said = random.chance(0.2) ? first : hostile(random, [first]).subarray(0, 0xffff)
          return Promise.resolve({
            ok: true,
            value: call.api === 'SaslHandshake' ? undefined : prefixed(said),
          } as never)
        }
        const result = await login({ request }, { host: 'h', port: 1 }, () => 1_000)
        ends[result.ok ? 'in' : result.failure.reason === 'auth' ? 'auth' : 'other']++
      }
      expect(ends.other).toBe(0)
      if (!mechanism.startsWith('SCRAM')) return
      expect(ends.auth).toBe(400)
      expect(finalMessages).toBeGreaterThan(50)
    },
    30_000,
  )
})
