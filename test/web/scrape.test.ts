import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import request from 'supertest'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/web/app.ts'
import type { WebDeps } from '../../src/web/contract.ts'
import { depsWith } from './deps.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(deps: WebDeps): Promise<number> {
  server = createServer(createApp(deps)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function open(port: number, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get({ port, path: '/metrics', headers, agent: false }), 'response')) as [
    IncomingMessage,
  ]
  return response
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const LINE = 'kafka_topic_partition_leader{topic="ä",partition="0"} 1\n'

/** An endless page that tells when it was ended. */
function endless() {
  let ended: () => void = () => undefined
  const end = new Promise<void>((resolve) => (ended = resolve))
  const count = { lines: 0 }
  function* lines() {
    try {
      for (;;) {
        count.lines++
        yield LINE
      }
    } finally {
      ended()
    }
  }
  return { lines, end, count }
}

/** Chunks that gzip cannot make small, so that a reader who stops is felt with it, too. */
function incompressible(count: number, made: () => void) {
  const chunk = randomBytes(32 * 1024)
  function* render() {
    for (let i = 0; i < count; i++) {
      made()
      // Beyond gzip's window of 32 KiB nothing is recognised again.
      chunk.writeUInt32LE(i, 0)
      yield Buffer.from(chunk)
    }
  }
  return { render, total: count * chunk.length }
}

describe('a scrape', () => {
  it('comes whole, whatever its size and however it is made', async () => {
    const lines = Array.from({ length: 50_000 }, () => LINE)
    async function* slowly() {
      yield* lines
      await Promise.resolve()
    }
    for (const render of [() => lines, slowly, () => [lines.join('')]]) {
      const port = await serve(depsWith({ render }))
      expect((await bodyOf(await open(port))).equals(Buffer.from(lines.join('')))).toBe(true)
      server?.close()
    }
  })

  it('may be empty', async () => {
    const answer = await request(createApp(depsWith({ render: () => [] }))).get('/metrics')
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it.each([
    ['gzip', 'gzip'],
    ['gzip;q=0.5, identity;q=0.1', 'gzip'],
    ['deflate, *', 'gzip'],
    ['gzip;q=0', undefined],
    ['gzip;q=0.5, identity', undefined],
    ['', undefined],
    ['br', undefined],
  ])('is compressed if Accept-Encoding "%s" wants it', async (accept, encoding) => {
    const lines = Array.from({ length: 5_000 }, () => LINE)
    const response = await open(await serve(depsWith({ render: () => lines })), { 'Accept-Encoding': accept })
    const body = await bodyOf(response)
    expect([response.headers['content-encoding'], response.headers.vary]).toEqual([encoding, 'Accept-Encoding'])
    expect((encoding ? gunzipSync(body) : body).toString()).toBe(lines.join(''))
  })

  it('answers HEAD without rendering', async () => {
    let rendered = 0
    const render = () => [String(rendered++)]
    const answer = await request(createApp(depsWith({ render }))).head('/metrics')
    expect([answer.status, answer.headers['content-type'], rendered]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      0,
    ])
  })

  it('leaves the event loop alone for no longer than a chunk takes', async () => {
    let turns = 0
    let counting = true
    const tick = () => {
      turns++
      if (counting) setImmediate(tick)
    }
    setImmediate(tick)
    const lines = Array.from({ length: 50_000 }, () => LINE)
    await bodyOf(await open(await serve(depsWith({ render: () => lines }))))
    counting = false
    // 2.8 MB are more than 40 chunks.
    expect(turns).toBeGreaterThan(40)
  })
})

describe('many scrapes at once', () => {
  it('take turns: no turn of the event loop has a chunk for each of them to make', async () => {
    let made = 0
    let most = 0
    let counting = true
    const tick = () => {
      most = Math.max(most, made)
      made = 0
      if (counting) setImmediate(tick)
    }
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const deps = depsWith({
      *render() {
        for (let i = 0; i < 20; i++, made++) yield chunk
      },
    })
    const port = await serve(deps)
    setImmediate(tick)
    const bodies = await Promise.all(Array.from({ length: 20 }, async () => bodyOf(await open(port))))
    counting = false
    expect(bodies.map(({ length }) => length)).toEqual(Array(20).fill(20 * chunk.length))
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(2)
  })

  it('each come in their own pieces, strings and bytes in their order', async () => {
    const pieces = ['a 1\n', Buffer.from('b 2\n'), 'c 3\n', 'd 4\n', Buffer.from('e 5\n')]
    const port = await serve(depsWith({ render: () => pieces }))
    const bodies = await Promise.all(Array.from({ length: 5 }, async () => bodyOf(await open(port))))
    expect(bodies.map(String)).toEqual(Array(5).fill(pieces.join('')))
  })
})

describe('a rendering that fails', () => {
  const failing = (after: number) =>
    function* () {
      for (let i = 0; i < after; i++) yield LINE
      throw new Error('broken family')
    }

  it('is a 500 without a stack before the first byte', async () => {
    for (const render of [failing(0), failing(3), () => failing(0)() as Iterable<string>]) {
      const deps = depsWith({ render })
      const answer = await request(createApp(deps)).get('/metrics').set('Accept-Encoding', 'gzip')
      expect([answer.status, answer.text, answer.headers['content-encoding']]).toEqual([
        500,
        'rendering failed\n',
        undefined,
      ])
      expect(deps.errors).toEqual(['a scrape failed: broken family'])
    }
    const thrown = depsWith({
      render: () => {
        throw new Error('at once')
      },
    })
    expect((await request(createApp(thrown)).get('/metrics')).status).toBe(500)
    expect(thrown.errors).toEqual(['a scrape failed: at once'])
  })

  it.each(['identity', 'gzip'])(
    'cuts the connection after it, so that half a page is no page (%s)',
    async (encoding) => {
      const deps = depsWith({ render: failing(200_000) })
      const response = await open(await serve(deps), { 'Accept-Encoding': encoding })
      await expect(bodyOf(response)).rejects.toThrow('aborted')
      expect(deps.errors).toEqual(['a scrape failed: broken family'])
    },
  )
})

describe('a bad reader', () => {
  it('that goes away ends the rendering, and is no news', async () => {
    const { lines, end } = endless()
    const deps = depsWith({ render: lines })
    const response = await open(await serve(deps))
    response.destroy()
    await end
    expect(deps.errors).toEqual([])
  })

  it('that goes away before the first chunk ends an asynchronous rendering', async () => {
    let started: () => void = () => undefined
    const start = new Promise<void>((resolve) => (started = resolve))
    async function* never(): AsyncGenerator<string> {
      started()
      await new Promise<never>(() => undefined)
      yield ''
    }
    let calls = 0
    const deps = depsWith({ render: () => (calls++ === 0 ? never() : [LINE]), limits: { scrapes: 1 } })
    const port = await serve(deps)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await start
    expect((await open(port)).statusCode).toBe(503)
    socket.destroy()
    await expect.poll(async () => (await open(port)).statusCode).toBe(200)
    expect(deps.errors).toEqual([])
  })

  it('that does not read holds up the rendering, not the memory, and is cut off in time', async () => {
    const { lines, end, count } = endless()
    const deps = depsWith({ render: lines, limits: { responseMs: 300 } })
    const socket = connect(await serve(deps), '127.0.0.1')
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    await end
    // What two sockets' buffers hold is megabytes; an unbounded page would be gigabytes by now.
    expect(count.lines * LINE.length).toBeLessThan(64e6)
    await expect.poll(() => deps.errors).toEqual(['a scrape failed: the response took longer than 300 ms'])
    socket.destroy()
  })

  it.each(['identity', 'gzip'])(
    'that stops in the middle is not rendered for until it goes on (%s)',
    async (encoding) => {
      let made = 0
      const most = 1_000
      const { render, total } = incompressible(most, () => made++)
      const response = await open(await serve(depsWith({ render })), { 'Accept-Encoding': encoding })
      response.pause()
      let before = -1
      // Sockets' buffers fill up first.
      await expect
        .poll(
          () => {
            const still = made === before
            before = made
            return still
          },
          { interval: 100 },
        )
        .toBe(true)
      expect(made).toBeLessThan(most / 2)
      const body = await bodyOf(response)
      expect([(encoding === 'gzip' ? gunzipSync(body) : body).length, made]).toEqual([total, most])
    },
  )

  it('among many gets a 503 and when to come again; a place that is left is free again', async () => {
    const { lines, end } = endless()
    const port = await serve(depsWith({ render: lines, limits: { scrapes: 1 } }))
    const first = await open(port)
    const second = await open(port)
    expect([second.statusCode, second.headers['retry-after']]).toEqual([503, '1'])
    expect((await bodyOf(second)).toString()).toBe('too many scrapes at once\n')
    first.destroy()
    await end
    await expect
      .poll(async () => {
        const third = await open(port)
        third.destroy()
        return third.statusCode
      })
      .toBe(200)
  })

  it('waits no longer for a rendering that hangs than for a slow reader', async () => {
    async function* never(): AsyncGenerator<string> {
      await new Promise<never>(() => undefined)
      yield ''
    }
    const deps = depsWith({ render: never, limits: { responseMs: 50 } })
    expect((await request(createApp(deps)).get('/metrics')).status).toBe(500)
    expect(deps.errors).toEqual(['a scrape failed: the response took longer than 50 ms'])
  })
})
