/** What Kafka writes into its nodes. undefined: it is something else. */

/**
 * `/controller`: `{"version":1,"brokerid":3,"timestamp":"1766..."}`. In a migration a controller of KRaft stands there, and Kafka 3.4 and
 * newer say so: `"version":2`, and a `kraftControllerEpoch`, which is -1 of any other.
 */
export function parseController(data: Buffer): { readonly id: number; readonly kraft: boolean } | undefined {
  const value = parseJson(data)
  if (typeof value !== 'object' || value === null || !('brokerid' in value)) return undefined
  const kraft = 'kraftControllerEpoch' in value && isId(value.kraftControllerEpoch)
  return isId(value.brokerid) ? { id: value.brokerid, kraft } : undefined
}

export function parseControllerEpoch(data: Buffer): number | undefined {
  const epoch = parseId(data.toString('utf8', 0, 20))
  return epoch
}

/** The name of a broker's registration, or the epoch's digits. */
export function parseId(text: string): number | undefined {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : undefined
  return isId(id) ? id : undefined
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x7fffffff
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'))
  } catch {
    return undefined
  }
}
