import { show, type Wrong } from './text.ts'

/** POSIX classes that Go knows inside brackets. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}
const NOT_GO: readonly [RegExp, string][] = [
  [/^\(\?<?[=!]/, 'Go has no look-ahead and look-behind (--topic.exclude and --group.exclude take things out)'],
  [/^\(\?[a-zA-Z-]+[:)]/, 'flags are only understood at the very beginning, as in (?i)'],
  [/^\\[1-9]/, 'Go has no back-references'],
]

/**
 * A pattern in Go's (RE2) spelling as a JavaScript one with the same, unanchored, meaning. JavaScript without the `u` flag takes
 * `\A` for an A and `[[:alpha:]]` for some letters and brackets; so each piece is translated and the result compiled strictly.
 */
export function parseGoRegex(text: string): RegExp | Wrong {
  const flags = /^\(\?([a-zA-Z]+)\)/.exec(text)
  const unknownFlag = /[^ims]/.exec(flags?.[1] ?? '')?.[0]
  if (unknownFlag) return { wrong: `${show(text)} is not a usable pattern: the flag ${unknownFlag} is not understood` }
  const source = translate(text.slice(flags?.[0].length ?? 0))
  if (typeof source !== 'string') return { wrong: `${show(text)} is not a usable pattern: ${source.wrong}` }
  try {
    return new RegExp(source, [...new Set(['u', ...((flags?.[1] ?? '').match(/./g) ?? [])])].join(''))
  } catch (error) {
    return { wrong: `${show(text)} is not a usable pattern: ${reasonOf(error)}` }
  }
}

function translate(pattern: string): string | Wrong {
  let out = ''
  let at = 0
  while (at < pattern.length) {
    const rest = pattern.slice(at)
    const refused = NOT_GO.find(([shape]) => shape.test(rest))
    if (refused) return { wrong: refused[1] }
    const piece = rest.startsWith('[') ? bracket(rest) : outside(rest)
    if ('wrong' in piece) return piece
    out += piece.out
    at += piece.length
  }
  return out
}

type Piece = { readonly out: string; readonly length: number } | Wrong

function outside(rest: string): Piece {
  if (rest.startsWith('\\Q')) {
    const end = rest.indexOf('\\E')
    const literal = rest.slice(2, end < 0 ? undefined : end)
    return { out: literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), length: end < 0 ? rest.length : end + 2 }
  }
  if (rest.startsWith('(?P<')) return { out: '(?<', length: 4 }
  if (rest.startsWith('\\')) return escaped(rest, false)
  const repeat = /^\{\d+(?:,\d*)?\}/.exec(rest)
  if (repeat) return { out: repeat[0], length: repeat[0].length }
  // Braces and a closing bracket that close nothing are plain characters in Go.
  if (/^[{}\]]/.test(rest)) return { out: `\\${rest.slice(0, 1)}`, length: 1 }
  return { out: rest.slice(0, 1), length: 1 }
}

function escaped(rest: string, inBracket: boolean): Piece {
  const property = /^\\([pP])([A-Z])/.exec(rest)
  if (property) return { out: `\\${property[1] ?? ''}{${property[2] ?? ''}}`, length: 3 }
  const codePoint = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest)
  if (codePoint) return { out: `\\u{${codePoint[1] ?? ''}}`, length: codePoint[0].length }
  if (!inBracket && rest.startsWith('\\A')) return { out: '(?<![\\s\\S])', length: 2 }
  if (!inBracket && rest.startsWith('\\z')) return { out: '(?![\\s\\S])', length: 2 }
  if (rest.startsWith('\\a')) return { out: '\\x07', length: 2 }
  const punctuation = /^\\([^A-Za-z0-9])/u.exec(rest)?.[1]
  if (punctuation !== undefined) {
    const special = inBracket ? /[\\\]^[-]/ : /[\\^$.*+?()[\]{}|/]/
    return { out: special.test(punctuation) ? `\\${punctuation}` : punctuation, length: 1 + punctuation.length }
  }
  return { out: rest.slice(0, 2), length: 2 }
}

/** `[...]` with Go's POSIX classes, and its literal `]` in the first place. */
function bracket(rest: string): Piece {
  const opening = /^\[\^?\]?/.exec(rest)?.[0] ?? '['
  let out = opening.replace(']', '\\]')
  let at = opening.length
  while (at < rest.length && rest[at] !== ']') {
    const here = rest.slice(at)
    const posix = /^\[:(\^?\w*):\]/.exec(here)
    const ranges = posix ? POSIX[posix[1] ?? ''] : undefined
    if (posix && ranges === undefined) return { wrong: `${posix[0]} is no class of characters` }
    const piece = posix && ranges !== undefined ? { out: ranges, length: posix[0].length } : inside(here)
    if ('wrong' in piece) return piece
    out += piece.out
    at += piece.length
  }
  return at < rest.length ? { out: `${out}]`, length: at + 1 } : { wrong: 'a bracket is not closed' }
}

function inside(here: string): Piece {
  if (here.startsWith('\\')) return escaped(here, true)
  return { out: here.startsWith('[') ? '\\[' : here.slice(0, 1), length: 1 }
}

/** V8 says `Invalid regular expression: /.../u: Nothing to repeat`; the last part is the reason. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message.slice(error.message.lastIndexOf(': ') + 2) : ''
  return reason === '' ? 'it does not compile' : reason.slice(0, 1).toLowerCase() + reason.slice(1)
}
