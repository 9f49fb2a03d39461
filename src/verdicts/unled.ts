/** The newest time in which no server was seen to lead, `mono` ms; `to` is undefined while it lasts. */
export interface Unled {
  readonly from: number
  readonly to: number | undefined
}

/** Who woke from a pause leads for a tick or two before it has expired, or armed anew, what it remembers. */
const soonMs = 5_000

export function nextUnled(before: Unled | undefined, isLed: boolean, at: number): Unled | undefined {
  if (isLed) return before === undefined || before.to !== undefined ? before : { from: before.from, to: at }
  return before === undefined || before.to !== undefined ? { from: at, to: undefined } : before
}

/** For how long nobody had led when something happened, ms; 0 where somebody has led for a while by then. */
export function unledMs(unled: Unled | undefined, mono: number): number {
  if (unled === undefined || (unled.to !== undefined && mono - unled.to > soonMs)) return 0
  return Math.max(0, Math.min(mono, unled.to ?? mono) - unled.from)
}
