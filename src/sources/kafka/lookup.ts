import dns from 'node:dns'
import type net from 'node:net'

type Waiter = Parameters<net.LookupFunction>[2]

/** Who waits for each lookup under way. */
const underWay = new Map<string, Set<Waiter>>()

/**
 * For one socket: its `lookup`, and `leave` for when it gives up. One lookup a host is under way, whoever waits for it:
 * the system's resolver cannot be broken off, and while it is silent every attempt to connect would leave one behind,
 * queued for the few threads that everything else of this process needs too.
 */
export function sharedLookup(): { readonly lookup: net.LookupFunction; readonly leave: () => void } {
  let leave = (): void => undefined
  const lookup: net.LookupFunction = (host, options, waiter) => {
    const key = JSON.stringify([host, options.family, options.hints, options.all])
    const waiting = underWay.get(key) ?? begin(key, host, options)
    waiting.add(waiter)
    leave = () => void waiting.delete(waiter)
  }
  return { lookup, leave: () => leave() }
}

function begin(key: string, host: string, options: dns.LookupOptions): Set<Waiter> {
  const waiting = new Set<Waiter>()
  dns.lookup(host, options, (error, address, family) => {
    underWay.delete(key)
    for (const waiter of waiting) waiter(error, address, family)
  })
  underWay.set(key, waiting)
  return waiting
}
