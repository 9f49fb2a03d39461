import { isIPv6 } from 'node:net'
import type { Address } from '../model/address.ts'
import { show, type Wrong } from './text.ts'

/** Where to listen; no host = every interface, port 0 = any free one. */
export interface ListenAddress {
  readonly host: string | undefined
  readonly port: number
}

/** HOST, HOST:PORT or [IPV6]:PORT. */
export function parseAddress(text: string, defaultPort: number): Address | Wrong {
  if (/^[a-z0-9_+]+:\/\//i.test(text)) return { wrong: `${show(text)} has a scheme: write HOST:PORT only` }
  if (isIPv6(text)) return { wrong: `${show(text)} is ambiguous: put IPv6 in brackets, as in [::1]:${defaultPort}` }
  const parts = split(text)
  if (!parts) return { wrong: `${show(text)} is not an address: write HOST:PORT or [IPV6]:PORT` }
  const port = parts.port === undefined ? defaultPort : parsePort(parts.port, 1)
  if (port === undefined) return { wrong: `${show(text)} has a port outside 1 to 65535` }
  return { host: parts.host, port }
}

/** :PORT, HOST:PORT or [IPV6]:PORT. */
export function parseListenAddress(text: string): ListenAddress | Wrong {
  const anywhere = /^:(\d+)$/.exec(text)
  const parts = anywhere ? { host: undefined, port: anywhere[1] } : split(text)
  if (parts?.port === undefined)
    return { wrong: `${show(text)} is not an address: write :PORT, HOST:PORT or [IPV6]:PORT` }
  const port = parsePort(parts.port, 0)
  return port === undefined ? { wrong: `${show(text)} has a port outside 0 to 65535` } : { host: parts.host, port }
}

function split(text: string): { host: string; port: string | undefined } | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  if (bracketed?.[1] !== undefined) return isIPv6(bracketed[1]) ? { host: bracketed[1], port: bracketed[2] } : undefined
  // Underscores are no DNS names, but container networks hand them out.
  const named = /^([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?)(?::(\d+))?$/.exec(text)
  return named?.[1] === undefined ? undefined : { host: named[1], port: named[2] }
}

function parsePort(text: string, lowest: number): number | undefined {
  const port = Number(text)
  return text.length <= 5 && port >= lowest && port <= 65_535 ? port : undefined
}

/** `host:port`, with the brackets that IPv6 needs; `:port` without a host. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port}`
}
