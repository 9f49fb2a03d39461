const words = [
  'INFO',
  'Übergabe',
  '控制器',
  'Expired session 0x100',
  'ключ',
  '🦓🔥',
  'ISR 1,2,3',
  'é',
  'leaderEpoch=7',
  '한국어',
]

/** The line with this number: what it says can be computed again, so a broken one is seen. Without its `\n`. */
export function lineOf(number: number): string {
  let line = `[line ${number}]`
  for (let i = 0; i < 4 + (number % 9); i++) line += ` ${words[(number * 7 + i * 3) % words.length] ?? ''}`
  return line
}

function numberOf(line: string): number | undefined {
  const number = Number(/^\[line (\d{1,9})\]/.exec(line)?.[1])
  return Number.isNaN(number) || lineOf(number) !== line ? undefined : number
}

export interface Tally {
  readonly written: number
  readonly lost: number
  /** Given out more than once: the further times. */
  readonly repeated: number
  /** Not as they were written. */
  readonly broken: number
}

/** What became of the lines 0 to `written` - 1. */
export function tally(written: number, received: string): Tally {
  const seen = new Uint32Array(written)
  let broken = 0
  for (const line of received.split('\n').slice(0, -1)) {
    const number = numberOf(line)
    if (number === undefined || number >= written) broken += 1
    else seen[number] = (seen[number] ?? 0) + 1
  }
  let lost = 0
  let repeated = 0
  for (const times of seen) {
    if (times === 0) lost += 1
    else repeated += times - 1
  }
  return { written, lost, repeated, broken }
}
