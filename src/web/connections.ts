import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Ends what carries no request now, and everything else after its present response. */
  drain(): void
  /** Ends everything at once. */
  destroy(): void
}

interface Connection {
  readonly socket: Socket
  requests: number
}

/**
 * Follows a server's connections. `server.close()` alone waits for kept-alive ones for as long as they like to stay, and for those
 * that never sent anything.
 */
export function followConnections(server: Server): Connections {
  // A TLS socket is not the object that `connection` names; the two share their remote port.
  const connections = new Map<string, Connection>()
  let draining = false
  const keyOf = (socket: Socket) => `${socket.remoteAddress ?? ''} ${socket.remotePort ?? ''}`

  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket)
    const connection = { socket, requests: 0 }
    connections.set(key, connection)
    socket.once('close', () => {
      if (connections.get(key) === connection) connections.delete(key)
    })
  })
  server.on('request', (request, response) => {
    const connection = connections.get(keyOf(request.socket))
    if (!connection) return
    connection.requests++
    response.once('close', () => {
      connection.requests--
      if (draining && connection.requests === 0) request.socket.destroySoon()
    })
  })
  return {
    drain() {
      draining = true
      for (const { socket, requests } of connections.values()) if (requests === 0) socket.destroy()
    },
    destroy() {
      for (const { socket } of connections.values()) socket.destroy()
    },
  }
}
