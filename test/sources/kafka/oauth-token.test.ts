import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readToken, tokenProvider } from '../../../src/sources/kafka/oauth-token.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { timed } from '../../support/connections.ts'

const secret = 'dragon-fly-42'

/** What arrived at the endpoint. */
interface Arrived {
  readonly method: string | undefined
  readonly authorization: string | undefined
  readonly body: string
}

let server: http.Server
let arrived: Arrived[]
let respond: (response: http.ServerResponse, count: number) => void

beforeEach(async () => {
  arrived = []
  respond = (response, count) => response.end(JSON.stringify({ access_token: `token-${count}`, expires_in: 3_600 }))
  server = http.createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      arrived.push({ method: request.method, authorization: request.headers.authorization, body })
      respond(response, arrived.length)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  if (server.listening) await new Promise((resolve) => server.close(resolve))
})

function provider(scopes: readonly string[] = [], path = '/token'): () => Promise<string> {
  const { port } = server.address() as AddressInfo
  return tokenProvider({ url: `http://127.0.0.1:${port}${path}`, clientId: 'me:&', clientSecret: secret, scopes })
}

/** The message of the error that a provider gives, which never tells a secret. */
async function errorOf(token: () => Promise<string>): Promise<string> {
  const error = await token().then(
    () => expect.fail('gave a token'),
    (reason: unknown) => String(reason),
  )
  expect(error).not.toContain(secret)
  return error
}

describe('a token', () => {
  it('is asked for with the credentials in the header', async () => {
    expect(await provider(['a', 'b c'])()).toBe('token-1')
    expect(arrived).toEqual([
      {
        method: 'POST',
        authorization: `Basic ${Buffer.from(`me%3A%26:${secret}`).toString('base64')}`,
        body: 'grant_type=client_credentials&scope=a+b+c',
      },
    ])
  })

  it('is asked for once, by however many connections at the same time', async () => {
    const token = provider()
    expect(new Set(await Promise.all([token(), token(), token()]))).toEqual(new Set(['token-1']))
    expect(await token()).toBe('token-1')
    expect(arrived).toHaveLength(1)
  })

  it.each([
    [3_600, 2_879_000, 2_881_000],
    [10, 7_999, 8_001],
    ['3600', 47_000, 48_001],
    [undefined, 47_000, 48_001],
    [-1, 47_000, 48_001],
    [0, 47_000, 48_001],
  ])('that lives %s s is renewed in its last fifth', async (expires_in, stillMs, renewedMs) => {
    respond = (response, count) => response.end(JSON.stringify({ access_token: `token-${count}`, expires_in }))
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    const token = provider()
    expect(await token()).toBe('token-1')
    now.mockReturnValue(1_000 + stillMs)
    expect(await token()).toBe('token-1')
    now.mockReturnValue(1_000 + renewedMs)
    expect(await token()).toBe('token-2')
    expect(arrived).toHaveLength(2)
  })
})

describe('no token', () => {
  const bad: readonly (readonly [string, number, string, string])[] = [
    ['401 in JSON', 401, '{"error":"invalid_client"}', 'status 401'],
    ['401 in HTML', 401, '<html>no</html>', 'status 401'],
    ['500 without a body', 500, '', 'status 500'],
    ['HTML', 200, '<html>', 'no JSON'],
    ['a bare token', 200, secret, 'no JSON'],
    ['nothing', 200, '', 'no JSON'],
    ['null', 200, 'null', 'no access_token'],
    ['a list', 200, '[]', 'no access_token'],
    ['a text', 200, '"x"', 'no access_token'],
    ['no access_token', 200, '{}', 'no access_token'],
    ['an empty one', 200, '{"access_token":""}', 'no access_token'],
    ['a number', 200, '{"access_token":5}', 'no access_token'],
  ]
  it.each(bad)('%s', async (_, status, body, message) => {
    respond = (response) => response.writeHead(status).end(body)
    expect(await errorOf(provider())).toContain(message)
  })

  it('is followed by another attempt, not by the same error for ever', async () => {
    respond = (response, count) => {
      if (count === 1) response.writeHead(503).end()
      else response.end('{"access_token":"late"}')
    }
    const token = provider()
    await errorOf(token)
    expect(await token()).toBe('late')
  })

  it('of a body without end: given up after 64 KiB', async () => {
    let stopped = false
    respond = (response) => {
      response.on('close', () => (stopped = true))
      const pour = (): void => {
        while (!stopped && response.write('x'.repeat(16_384))) continue
        response.once('drain', pour)
      }
      pour()
    }
    expect(await errorOf(provider())).toContain('more than 65536 bytes')
    await waitUntil('the endpoint is left', () => stopped, 10_000, 5)
  })

  it('of a redirect, which could take the secret elsewhere', async () => {
    respond = (response, count) => response.writeHead(307, { location: `/elsewhere-${count}` }).end()
    await errorOf(provider())
    expect(arrived).toHaveLength(1)
  })

  it('of a server that is not there, and the error says so', async () => {
    const token = provider()
    await new Promise((resolve) => server.close(resolve))
    expect(await errorOf(token)).toContain('ECONNREFUSED')
  })

  it('of a server that answers with anything but HTTP', async () => {
    respond = (response) => response.socket?.end('garbage\r\n\r\n')
    await errorOf(provider())
  })

  it.each([
    ['silent', () => undefined],
    ['that stops in the middle', (response: http.ServerResponse) => void response.write('{"access')],
  ])('of a server %s: after five seconds', async (_, stall) => {
    respond = stall
    const real = AbortSignal.timeout.bind(AbortSignal)
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => real(200))
    const { result, ms } = await timed(errorOf(provider()))
    expect(timeout).toHaveBeenCalledExactlyOnceWith(5_000)
    expect(result).toContain('timeout')
    expect(ms).toBeGreaterThanOrEqual(190)
    expect(ms).toBeLessThan(4_000)
  })
})

it.each([
  ['1e999', 86_400_000],
  ['86401', 86_400_000],
  ['3600', 3_600_000],
  ['-1', 60_000],
  ['"3600"', 60_000],
])('a life of %s seconds counts as %d ms', (seconds, lifeMs) => {
  expect(readToken(`{"access_token":"t","expires_in":${seconds}}`)).toEqual({ token: 't', lifeMs })
})
