/** What a line says of itself, in the layout of the testbed's log4j files: `[2024-02-23 07:47:50,149] INFO message (logger)`. */
export interface Line {
  /** Milliseconds since 1970: the servers write in this machine's time zone. */
  readonly at: number
  /** In lower case. */
  readonly level: string
  readonly text: string
  /** The first of the lines after it that belong to it; empty if none does. */
  readonly rest: string
}

const HEAD = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3})\] ([A-Z]+) /

/** Lines without a time are the rest of a message: a stack trace, a list of settings. */
export function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((line, i, lines) => {
    const [, day = '', time = '', ms = '', level = ''] = HEAD.exec(line) ?? []
    if (level === '') return []
    const next = lines[i + 1] ?? ''
    const rest = HEAD.test(next) ? '' : next
    return [{ at: new Date(`${day}T${time}.${ms}`).getTime(), level: level.toLowerCase(), text: line, rest }]
  })
}
