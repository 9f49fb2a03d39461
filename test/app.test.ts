import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApp, type App } from '../src/app.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Logger } from '../src/log.ts'
import { build, series, value } from './support/page.ts'

/** Whatever a test opened, closed again in reverse. */
const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A server on a free port of the loopback, and that port. */
async function listening(onSocket: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as net.AddressInfo).port
}

async function closedPort(): Promise<number> {
  const port = await listening(() => undefined)
  await opened.pop()?.()
  return port
}

/** A module of src/, as a literal for an import. */
const source = (path: string): string => JSON.stringify(new URL(`../src/${path}`, import.meta.url).href)

interface Written {
  readonly level: string
  readonly fields: unknown
  readonly message: string
}

function appFor(argv: readonly string[], listen = '127.0.0.1:0'): { app: App; written: readonly Written[] } {
  const loaded = loadConfig([`--web.listen-address=${listen}`, ...argv], {})
  if (!loaded.ok || !('config' in loaded)) throw new Error('no configuration')
  const written: Written[] = []
  const write = (level: string) => (fields: unknown, message: string) => void written.push({ level, fields, message })
  const logger = { info: write('info'), warn: write('warn'), error: write('error') } as unknown as Logger
  return { app: createApp(loaded.config, logger, build), written }
}

async function started(seed: string, ...argv: readonly string[]) {
  const { app, written } = appFor([`--kafka.server=${seed}`, ...argv])
  const { port } = await app.start()
  opened.push(() => app.stop())
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: response.status, text: await response.text() }
  }
  const until = (holds: (page: string) => void) => vi.waitFor(async () => holds((await get('/metrics')).text), 8_000)
  return { app, written, get, until, port }
}

const strangers: readonly (readonly [what: string, onSocket: (socket: net.Socket) => void, reason: string])[] = [
  ['says nothing', (socket) => socket.resume(), 'hung'],
  ['hangs up', (socket) => socket.end(), 'closed'],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol'],
  ['sends an endless frame', (socket) => socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3])), 'protocol'],
]

describe.each([['nobody listens', undefined, 'refused'] as const, ...strangers])(
  'a seed at which a server %s',
  (_, onSocket, reason) => {
    it('is down for its reason; the exporter serves, is ready, and ends', { timeout: 20_000 }, async () => {
      const seed = `127.0.0.1:${onSocket === undefined ? await closedPort() : await listening(onSocket)}`
      const { get, until, written } = await started(seed)
      expect(await get('/-/healthy')).toEqual({ status: 200, text: 'healthy\n' })
      await vi.waitFor(async () => expect((await get('/-/ready')).status).toBe(200), 8_000)
      await until((page) => expect(series(page, 'kafka_ha_bootstrap_up')).toEqual({ [`address=${seed}`]: 0 }))
      await until((page) =>
        expect(series(page, 'kafka_ha_source_up')).toMatchObject({ 'source=topology': 0, 'source=offsets': 0 }),
      )
      const { text } = await get('/metrics')
      expect([value(text, 'kafka_ha_cluster_reachable'), value(text, 'kafka_ha_controller_up')]).toEqual([0, 0])
      expect([value(text, 'kafka_ha_unavailable_partitions'), value(text, 'kafka_brokers')]).toEqual([
        undefined,
        undefined,
      ])
      expect(series(text, 'kafka_ha_source_errors_total')).toHaveProperty(
        `source=liveness,target=${seed},reason=${reason}`,
      )
      expect(written).toContainEqual({
        level: 'warn',
        fields: expect.objectContaining({ address: seed, reason }) as unknown,
        message: 'broker does not answer',
      })
    })
  },
)

it('says at its start which logs are followed, if any', { timeout: 20_000 }, async () => {
  const seed = `127.0.0.1:${await closedPort()}`
  const told = async (...argv: readonly string[]) =>
    (await started(seed, ...argv)).written.filter(({ message }) => message === 'following logs')
  expect(await told('--logs.kafka=/no/such.log', '--logs.time-zone=UTC')).toEqual([
    { level: 'info', fields: { kafka: '/no/such.log', from: 'end', time_zone: 'UTC' }, message: 'following logs' },
  ])
  expect(await told()).toEqual([])
  expect(await told('--logs.kafka=/no/such.log', '--no-source.logs')).toEqual([])
})

describe('stop', () => {
  it(
    'ends within its cap and leaves nothing open, in the middle of a look at a silent server',
    { timeout: 20_000 },
    async () => {
      const seed = `127.0.0.1:${await listening((socket) => socket.resume())}`
      const { app, get, until, port } = await started(seed)
      // One that keeps its connection, as Prometheus does, and one that never asks.
      await get('/metrics')
      const idle = net.connect(port, '127.0.0.1').on('error', () => undefined)
      opened.push(() => idle.destroy())
      await until((page) => expect(series(page, 'kafka_ha_bootstrap_up')).toBeDefined())

      const startedAt = performance.now()
      await app.stop()
      expect(performance.now() - startedAt).toBeLessThan(4_500)
      await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow()
      await app.stop()
    },
  )

  it('leaves nothing that keeps a process alive', { timeout: 30_000 }, async () => {
    const seed = `127.0.0.1:${await listening((socket) => socket.resume())}`
    const script = `
      import { createApp } from ${source('app.ts')}
      import { loadConfig } from ${source('config/load.ts')}
      const { config } = loadConfig(['--web.listen-address=127.0.0.1:0', '--kafka.server=${seed}'], {})
      const quiet = () => undefined
      const app = createApp(config, { info: quiet, warn: quiet, error: quiet }, ${JSON.stringify(build)})
      await app.start()
      await new Promise((resolve) => setTimeout(resolve, 200))
      await app.stop()
      // A connection that is being opened ends at its own deadline of 3 s at the latest; later than that is never.
      setTimeout(() => process.exit(3), 10_000).unref()`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, output }).toEqual({ code: 0, output: '' })
  })

  it('before the start is allowed', async () => {
    const { app } = appFor(['--kafka.server=127.0.0.1:1'])
    await expect(app.stop()).resolves.toBeUndefined()
  })
})

describe('start', () => {
  it('rejects with a sentence when the port is taken, and then nothing runs', async () => {
    let connections = 0
    const taken = await listening(() => connections++)
    const { app, written } = appFor([`--kafka.server=127.0.0.1:${taken}`], `127.0.0.1:${taken}`)
    await expect(app.start()).rejects.toThrow(
      `cannot listen on 127.0.0.1:${taken}: something else listens there already`,
    )
    await app.stop()
    expect({ connections, written }).toEqual({ connections: 0, written: [] })
  })
})

describe('a source that is switched off', () => {
  it('is not there, and is not waited for', { timeout: 20_000 }, async () => {
    const { get } = await started(
      `127.0.0.1:${await closedPort()}`,
      '--no-source.offsets',
      '--no-source.reassignments',
      '--no-source.configs',
    )
    await vi.waitFor(async () => expect((await get('/-/ready')).status).toBe(200), 8_000)
    expect(series((await get('/metrics')).text, 'kafka_ha_source_max_age_seconds')).toEqual({
      'source=elr': 15,
      'source=liveness': 5,
      'source=quorum': 15,
      'source=topology': 15,
    })
  })
})
