/** A reason why a value was refused, to stand after the key that was given. */
export interface Wrong {
  readonly wrong: string
}

export function isWrong(parsed: unknown): parsed is Wrong {
  return typeof parsed === 'object' && parsed !== null && 'wrong' in parsed
}

const LONGEST_SHOWN = 60

/** How a user's value appears in a message: quoted, control characters escaped, cut when long; a structure only by its kind. */
export function show(given: unknown): string {
  if (Array.isArray(given)) return 'a list'
  if (given === null || given === undefined) return 'an empty value'
  if (typeof given === 'number' || typeof given === 'boolean') return show(String(given))
  if (typeof given !== 'string') return 'a mapping'
  return JSON.stringify(given.length > LONGEST_SHOWN ? `${given.slice(0, LONGEST_SHOWN)}…` : given)
}

/** The known name that takes the fewest edits to reach from `unknown`. */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Infinity
  for (const name of known) {
    const edits = editDistance(unknown.toLowerCase(), name.toLowerCase())
    if (edits < fewest) [best, fewest] = [name, edits]
  }
  return best
}

/** Levenshtein's distance, one row at a time. Names are short, but what a user typed need not be: it is cut first. */
function editDistance(left: string, right: string): number {
  const from = left.slice(0, 200)
  let row = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const kept = (row[j - 1] ?? 0) + (from[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? Infinity
}
