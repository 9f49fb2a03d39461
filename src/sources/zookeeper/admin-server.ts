import http from 'node:http'
import https from 'node:https'
import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { networkFailure } from '../kafka/network-failure.ts'

export type AdminCommand = 'monitor' | 'configuration' | 'voting_view' | 'srvr' | 'dump' | 'connections'

/** A connection takes 460 bytes, a session 60 and the paths that it holds. */
const largest: Readonly<Partial<Record<AdminCommand, number>>> = { dump: 4 << 20, connections: 4 << 20 }
const largestOther = 1 << 20

export interface AdminAsking {
  /** `http://host:8080`. */
  readonly server: string
  readonly command: AdminCommand
  readonly tls: tls.ConnectionOptions | undefined
  readonly deadlineMs: number
  readonly signal?: AbortSignal
}

/**
 * GET /commands/NAME. The text of an answer with status 200, whatever it says; another status is `protocol`, a redirect too.
 * A server without a quorum answers `monitor` with status 500 and a page of HTML.
 */
export async function askAdminServer({ server, command, tls, ...asking }: AdminAsking): Promise<Result<string>> {
  const { deadlineMs, signal } = asking
  const url = `${server}/commands/${command}`
  const maxBytes = largest[command] ?? largestOther
  return new Promise((resolve) => {
    const isSecure = url.startsWith('https:')
    const request = isSecure ? https.get(url, { ...tls, agent: false }) : http.get(url, { agent: false })
    const timer = setTimeout(
      () => settle(failed('hung', `${url}: no answer within ${Math.round(deadlineMs)} ms`)),
      deadlineMs,
    )
    const aborted = (): void => settle(failed('closed', 'not waited for any longer'))
    const settle = (outcome: Result<string>): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      resolve(outcome)
      request.destroy()
    }
    signal?.addEventListener('abort', aborted, { once: true })
    // Also after it was settled: destroying it may bring another error.
    request.on('error', (error) => settle(httpFailure(error)))
    request.once('response', (response) => {
      const { statusCode } = response
      response.on('error', (error) => settle(httpFailure(error)))
      if (statusCode !== 200) {
        settle(failed('protocol', `${url}: HTTP status ${statusCode ?? 0}`))
        return
      }
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes) settle(failed('protocol', `${url}: an answer of more than ${maxBytes} bytes`))
        else chunks.push(chunk)
      })
      response.once('end', () => settle(success(Buffer.concat(chunks).toString())))
    })
  })
}

/** What is no HTTP fails in Node's parser. */
function httpFailure(error: NodeJS.ErrnoException): Result<never> {
  return error.code?.startsWith('HPE_') === true ? failed('protocol', error.message) : networkFailure(error)
}

/** The AdminServer of each server: of those on its host, given in the servers' order where one host has several. */
export function adminServerOf(
  server: Address,
  servers: readonly Address[],
  urls: readonly string[],
): string | undefined {
  const host = server.host.toLowerCase()
  const here = servers.filter((other) => other.host.toLowerCase() === host)
  const there = urls.filter((url) => new URL(url).hostname.replace(/^\[|\]$/g, '') === host)
  return there[here.indexOf(server)]
}
