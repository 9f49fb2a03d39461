import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Free, distinct ports below the range that outgoing connections use. A port inside that range can be taken while its
 * server is down, even by a client that connects to itself.
 */
export async function freePorts(count: number): Promise<number[]> {
  const top = firstEphemeralPort()
  const bottom = Math.max(1_024, top - 16_000)
  const found = new Set<number>()
  for (let tries = 0; found.size < count && tries < count * 200; tries++) {
    const port = bottom + Math.floor(Math.random() * (top - bottom))
    if (!found.has(port) && (await isFree(port))) found.add(port)
  }
  if (found.size < count) throw new Error(`no ${count} free ports between ${bottom} and ${top}`)
  return [...found]
}

function firstEphemeralPort(): number {
  try {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0])
    return first > 4_096 ? first : 32_768
  } catch {
    return 32_768
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
