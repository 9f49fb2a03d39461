import net from 'node:net'
import tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { sharedLookup } from './lookup.ts'
import { networkFailure } from './network-failure.ts'

/** A TCP connection, with TLS on it where asked. Silence is `timeout` before TCP stands and `hung` after. */
export async function openSocket(
  target: Address,
  secure: tls.ConnectionOptions | undefined,
  deadlineMs: number,
): Promise<Result<net.Socket>> {
  const { host, port } = target
  if (host === '' || !(port > 0 && port < 65_536)) return failed('no_route', `impossible address "${host}:${port}"`)
  const { lookup, leave } = sharedLookup()
  let socket: net.Socket
  try {
    socket =
      secure === undefined
        ? net.connect({ host, port, lookup })
        : tls.connect({ servername: net.isIP(host) === 0 ? host : '', ...secure, host, port, lookup })
  } catch (error) {
    // Hosts come from brokers, and not every text is one.
    return failed('no_route', String(error))
  }
  socket.setNoDelay(true)
  let stands = false
  socket.once('connect', () => (stands = true))
  const result = await new Promise<Result<net.Socket>>((resolve) => {
    const timer = setTimeout(() => {
      const waited = `within ${Math.round(deadlineMs)} ms`
      resolve(stands ? failed('hung', `no TLS handshake ${waited}`) : failed('timeout', `no connection ${waited}`))
    }, deadlineMs)
    socket.once(secure === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer)
      resolve(success(socket))
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      const failure = networkFailure(error)
      // A peer that hangs up in the middle of a handshake does not speak TLS here, or does not like ours.
      resolve(stands && failure.failure.reason === 'closed' ? failed('tls', failure.failure.detail) : failure)
    })
  })
  if (!result.ok) {
    leave()
    socket.on('error', () => undefined)
    socket.destroy()
  }
  return result
}
