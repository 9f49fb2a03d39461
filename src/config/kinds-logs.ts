import { parseTimeZone } from '../model/time-zone.ts'
import { reads, type Kind } from './kinds.ts'
import { isWrong, show, type Wrong } from './text.ts'

/** As long as Linux takes a path. */
const longestPath = 4_096

/** Paths, globs, or `-` for standard input: repeated, or separated by commas (not by those within braces). */
export function logPaths(): Kind<readonly string[]> {
  const schema = reads((given): readonly string[] | Wrong => {
    const paths = new Set<string>()
    for (const item of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (typeof item !== 'string') return { wrong: `${show(item)} is not text: write a path or a glob` }
      for (const path of outsideBraces(item)) {
        const wrong = checkPath(path)
        if (isWrong(wrong)) return wrong
        paths.add(path)
      }
    }
    return [...paths]
  })
  return { placeholder: 'PATH', repeatable: true, schema }
}

function checkPath(path: string): Wrong | undefined {
  if (path.includes('\0') || path.length > longestPath) return { wrong: `${show(path)} is no path` }
  if (/^[a-z0-9_+]+:\/\//i.test(path)) return { wrong: `${show(path)} is a URL: write the path of a file` }
  if (path.endsWith('/')) return { wrong: aDirectory(path) }
  return undefined
}

export function aDirectory(path: string): string {
  const files = `${path.replace(/\/+$/, '')}/*.log`
  return `${show(path)} is a directory: write which files in it, as in ${show(files)}`
}

/** `a,{b,c}` are `a` and `{b,c}`; empty words are passed over. */
function outsideBraces(list: string): string[] {
  const words: string[] = []
  let [word, depth] = ['', 0]
  for (const character of list) {
    if (character === '{') depth++
    if (character === '}' && depth > 0) depth--
    if (character === ',' && depth === 0) {
      words.push(word)
      word = ''
    } else word += character
  }
  return [...words, word].map((each) => each.trim()).filter((each) => each !== '')
}

export function checkPositions(path: string): Wrong | undefined {
  if (path === '') return undefined
  if (path === '-' || path.includes('\0') || path.length > longestPath) return { wrong: `${show(path)} is no path` }
  return path.endsWith('/') ? { wrong: notAFile(path) } : undefined
}

export function notAFile(path: string): string {
  const file = `${path.replace(/\/+$/, '')}/positions.json`
  return `${show(path)} is a directory: write the file in it, as in ${show(file)}`
}

export function checkTimeZone(zone: string): Wrong | undefined {
  return zone === '' || parseTimeZone(zone) !== undefined
    ? undefined
    : { wrong: `${show(zone)} is no time zone: write one as in Europe/Berlin, UTC or +02:00` }
}
