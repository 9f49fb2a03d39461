import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExporter, type ExporterProcess } from '../support/exporter-process.ts'

/** Things that listen where a broker should, and what the exporter must call them. */
const impostors: Readonly<Record<string, { readonly reason: string; readonly serve: (socket: Socket) => void }>> = {
  silent: { reason: 'hung', serve: () => undefined },
  garbage: { reason: 'protocol', serve: (socket) => socket.write(garbage()) },
  'size 0': { reason: 'protocol', serve: answerWithSize(0) },
  'size -1': { reason: 'protocol', serve: answerWithSize(-1) },
  'size 2^31-1': { reason: 'protocol', serve: answerWithSize(0x7fffffff) },
  'a byte a second of a megabyte': { reason: 'hung', serve: trickle },
  'another reply than the one asked for': { reason: 'protocol', serve: answerWithGibberish },
  'closes at the first byte, as ZooKeeper does': { reason: 'closed', serve: (s) => s.once('data', () => s.destroy()) },
  'endless stream of small frames': { reason: 'protocol', serve: flood },
}

/** Never the beginning of a frame of a size that could be: the exporter would wait for its rest, and call that hung. */
function garbage(): Buffer {
  const bytes = randomBytes(100_000)
  bytes.writeUInt8((bytes[0] ?? 0) | 0x40)
  return bytes
}

function answerWithSize(size: number): (socket: Socket) => void {
  const frame = Buffer.alloc(64)
  frame.writeInt32BE(size)
  return (socket) => socket.on('data', () => socket.write(frame))
}

function trickle(socket: Socket): void {
  socket.write(Buffer.from([0, 0x10, 0, 0]))
  const timer = setInterval(() => socket.write(Buffer.alloc(1)), 1_000)
  socket.on('close', () => clearInterval(timer))
}

/** To the first request of a connection, by its id, with a count of 2^31 - 1. */
function answerWithGibberish(socket: Socket): void {
  socket.on('data', () => socket.write(Buffer.from('0000000e000000010000' + '7fffffff' + '00000000', 'hex')))
}

function flood(socket: Socket): void {
  const frame = Buffer.alloc(12)
  frame.writeInt32BE(8)
  const frames = Buffer.concat(Array<Buffer>(5_000).fill(frame))
  const pour = (): void => {
    while (!socket.destroyed && socket.write(frames)) continue
  }
  socket.on('drain', pour)
  pour()
}

const watchSeconds = 12
const servers: Server[] = []
const addresses = new Map<string, string>()
let exporter: ExporterProcess

beforeAll(async () => {
  for (const [name, { serve }] of Object.entries(impostors)) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      serve(socket)
    })
    await listen(name, server)
  }
  await listen(
    'HTTP',
    createHttpServer((_, response) => response.end('hello')),
  )
  exporter = await startExporter([...addresses.values()].map((address) => `--kafka.server=${address}`))
})

afterAll(async () => {
  await exporter.stop()
  for (const server of servers) server.close()
})

describe('seeds that are not Kafka', () => {
  it('are called what they are, once each, in flat memory, and the process lives on', async () => {
    await sleep(5_000) // two silent deadlines of the slowest impostor
    const early = await exporter.metrics()
    for (const [name, address] of addresses) {
      expect(early, name).toContain(`kafka_ha_bootstrap_up{address="${address}"} 0`)
    }
    expect(early).toContain('kafka_ha_cluster_reachable 0')
    expect(early).not.toMatch(/^kafka_brokers/m)
    await sleep(watchSeconds * 1_000)
    const late = await exporter.metrics()
    expect(exporter.isRunning()).toBe(true)
    const log = exporter.log()

    for (const [name, { reason }] of Object.entries({ ...impostors, HTTP: { reason: 'protocol' } })) {
      const lines = log.split('\n').filter((line) => line.includes(`address=${addresses.get(name) ?? ''} `))
      expect(lines, name).toHaveLength(1)
      expect(lines[0], name).toContain(`msg="broker does not answer"`)
      expect(lines[0], name).toContain(`reason=${reason} `)
    }
    expect(log).toContain('an HTTP server answered, not a Kafka broker')
    const growth = resident(late) - resident(early)
    process.stdout.write(
      `RSS ${mib(resident(early))} -> ${mib(resident(late))} MiB in ${watchSeconds} s, ${log.split('\n').length} log lines\n`,
    )
    expect(growth).toBeLessThan(40 * 1024 * 1024)
  }, 60_000)
})

async function listen(name: string, server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  addresses.set(name, `127.0.0.1:${(server.address() as AddressInfo).port}`)
}

function resident(text: string): number {
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1])
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0)
}
