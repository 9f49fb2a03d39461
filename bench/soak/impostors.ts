import { once } from 'node:events'
import net from 'node:net'
import { apiVersionsBody, frameOf } from '../../test/support/replies.ts'

/** Seeds that want to cost the exporter memory, sockets or time: what each does with a connection. */
const impostors: Readonly<Record<string, (socket: net.Socket) => void>> = {
  'a byte a second of a megabyte': trickle,
  'answers nobody asked for, without end': flood,
  'half an answer, then a reset': (socket) =>
    socket.once('data', () => {
      socket.write(frameOf(1, versions).subarray(0, 9))
      setTimeout(() => socket.resetAndDestroy(), 100)
    }),
}

const versions = apiVersionsBody({ 2: [0, 6], 3: [0, 12] })

/** Says what it speaks, then answers with a frame of the greatest size that a prober takes. */
function trickle(socket: net.Socket): void {
  let timer: NodeJS.Timeout | undefined
  socket.once('close', () => clearInterval(timer))
  socket.once('data', () => {
    socket.write(frameOf(1, versions))
    socket.once('data', () => {
      socket.write(Buffer.from([0x00, 0x10, 0x00, 0x00]))
      timer = setInterval(() => socket.write(Buffer.alloc(1)), 1_000)
    })
  })
}

function flood(socket: net.Socket): void {
  const frames = Buffer.concat(Array.from({ length: 5_000 }, () => frameOf(77, Buffer.alloc(4))))
  const pour = (): void => {
    while (!socket.destroyed && socket.write(frames)) continue
  }
  socket.on('drain', pour)
  pour()
}

export interface Impostors {
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  stop(): void
}

export async function startImpostors(): Promise<Impostors> {
  const open = new Set<net.Socket>()
  const servers = await Promise.all(
    Object.values(impostors).map(async (serve) => {
      const server = net.createServer((socket) => {
        open.add(socket)
        socket.on('close', () => open.delete(socket)).on('error', () => undefined)
        serve(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  return {
    names: Object.keys(impostors),
    addresses: servers.map((server) => `127.0.0.1:${(server.address() as net.AddressInfo).port}`),
    stop() {
      for (const server of servers) server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
