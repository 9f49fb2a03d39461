import type { EnsembleMember, Membership } from '../../model/ensemble.ts'
import type { NumbersOptions } from './numbers.ts'
import { clientAddress } from './membership.ts'
import { toldByPairs } from './parse-mntr.ts'
import type { Told } from './told.ts'

/** What an AdminServer's JSON comes to: `not_serving` stands in its field `error`, under HTTP 200. */
export type AdminAnswer<T> = T | 'not_serving' | undefined

export type Fields = Readonly<Record<string, unknown>>

/**
 * JSON with its long whole numbers as strings: ids of sessions and transactions are 64 bits wide, and JSON.parse rounds what
 * has more than 53. undefined: no JSON.
 */
export function parseLongJson(text: string): unknown {
  // A string that never ends matches too: otherwise each of its quotes would be tried as the start of one.
  const quoted = text.replace(/"(?:[^"\\]+|\\[^])*"?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  )
  try {
    return JSON.parse(quoted)
  } catch {
    return undefined
  }
}

/** `/commands/monitor`. */
export function parseMonitor(text: string, options: NumbersOptions): AdminAnswer<Told> {
  const fields = served(text)
  if (fields === undefined || fields === 'not_serving') return fields
  return toldByPairs(new Map(Object.entries(fields).flatMap(textOf)), options)
}

/** `/commands/srvr`: the zxid, which `monitor` lacks. */
export function parseZxid(text: string): AdminAnswer<bigint> {
  const fields = served(text)
  if (fields === undefined || fields === 'not_serving') return fields
  const stats = fields['server_stats']
  const zxid = isFields(stats) ? stats['last_processed_zxid'] : undefined
  const digits = typeof zxid === 'number' ? String(zxid) : zxid
  return typeof digits === 'string' && /^\d{1,19}$/.test(digits) ? BigInt(digits) : undefined
}

export interface AdminConfiguration {
  readonly id: number | undefined
  readonly clientPort: number | undefined
}

/** `/commands/configuration`. */
export function parseConfiguration(text: string): AdminAnswer<AdminConfiguration> {
  const fields = served(text)
  if (fields === undefined || fields === 'not_serving') return fields
  return { id: wholeNumber(fields['server_id']), clientPort: wholeNumber(fields['client_port']) }
}

/** `/commands/voting_view` (3.6 and newer): the voters only, without the configuration's version. */
export function parseVotingView(text: string): AdminAnswer<Membership> {
  const fields = served(text)
  if (fields === undefined || fields === 'not_serving') return fields
  const config = fields['current_config']
  if (!isFields(config)) return undefined
  const members = Object.entries(config).flatMap(([id, member]) => memberOf(Number(id), member))
  return members.length === 0 ? undefined : { members, version: undefined, votersOnly: true }
}

function memberOf(id: number, member: unknown): readonly EnsembleMember[] {
  if (!isFields(member) || !Number.isSafeInteger(id)) return []
  const addresses: unknown = member['server_addresses']
  const first: unknown = Array.isArray(addresses) ? addresses[0] : undefined
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):\d{1,5}$/.exec(typeof first === 'string' ? first : '')
  const host = match?.[1] ?? match?.[2]
  if (host === undefined) return []
  const client = member['client_address']
  const role = member['learner_type'] === 'observer' ? 'observer' : 'participant'
  return [{ id, role, host, client: clientAddress(typeof client === 'string' ? client : '', host) }]
}

/** The fields of an answer that is none of an error. */
export function served(text: string): AdminAnswer<Fields> {
  const fields = parseLongJson(text)
  if (!isFields(fields)) return undefined
  const { error } = fields
  if (typeof error !== 'string') return fields
  return error.startsWith('This ZooKeeper instance is not currently serving requests') ? 'not_serving' : undefined
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf([key, value]: [string, unknown]): readonly [string, string][] {
  return typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : []
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
