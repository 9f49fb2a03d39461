import { failed, success, type Result } from '../../model/result.ts'

/** Longer ones nobody sets. */
export const longestTimeoutMs = 24 * 3_600_000

/**
 * The answer to `cons`: session -> negotiated timeout, ms. Connections without a session (a four-letter word's own) are left
 * out. `protocol` where the list is cut off or is none.
 */
export function parseCons(text: string): Result<ReadonlyMap<string, number | undefined>> {
  const sessions = new Map<string, number | undefined>()
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const details = detailsOf(line)
    if (details === undefined) return failed('protocol', `no line of cons: ${JSON.stringify(line.slice(0, 80))}`)
    const session = /(?:^|,)sid=0x0*([0-9a-f]{0,16})(?:,|$)/i.exec(details)?.[1]
    if (session === undefined || session === '') continue
    const timeout = Number(/(?:^|,)to=(\d{1,10})(?:,|$)/.exec(details)?.[1] ?? Number.NaN)
    sessions.set(`0x${session.toLowerCase()}`, timeout > 0 && timeout <= longestTimeoutMs ? timeout : undefined)
  }
  return success(sessions)
}

/** ` /127.0.0.1:41316[1](queued=0,recved=3,sent=3,sid=0x300001905be0000,lop=PING,...,to=4000,...)`: what is in parentheses. */
function detailsOf(line: string): string | undefined {
  const open = line.indexOf('](')
  return open > 0 && line.endsWith(')') ? line.slice(open + 2, -1) : undefined
}
