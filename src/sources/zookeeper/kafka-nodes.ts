/** What Kafka writes into its nodes. undefined: it is something else. */

/** `/controller`: `{"version":1,"brokerid":3,"timestamp":"1766..."}`. A controller of KRaft, in a migration, stands there too. */
export function parseController(data: Buffer): number | undefined {
  const value = parseJson(data)
  if (typeof value !== 'object' || value === null || !('brokerid' in value)) return undefined
  return isId(value.brokerid) ? value.brokerid : undefined
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
