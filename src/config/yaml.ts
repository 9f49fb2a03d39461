import { type Alias, type CST, type Document, LineCounter, parseDocument, Parser, visit } from 'yaml'
import type { Wrong } from './text.ts'

const DEEPEST = 50

/** What the parser's codes mean. Its own messages are not used: they quote the line, which may hold a password. */
const REASONS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same key twice',
  TAB_AS_INDENT: 'indented with a tab',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing',
  BAD_INDENT: 'wrong indentation',
  BAD_ALIAS: 'an alias, which is not taken (a value that begins with * has to be quoted)',
  NON_STRING_KEY: 'a key that is not text',
  BAD_SCALAR_START: 'a value that begins with @ or ` has to be quoted',
  MULTIPLE_DOCS: 'more than one document',
  TAG_RESOLVE_FAILED: 'a tag (a value that begins with ! has to be quoted)',
  BLOCK_AS_IMPLICIT_KEY: 'a colon too many (a value with ": " in it has to be quoted)',
}

/** The value of a YAML 1.2 document with text for keys, without tags, and without aliases: they make a small file enormous. */
export function parseYaml(text: string): { readonly value: unknown } | Wrong {
  const lines = new LineCounter()
  const wrong = (offset: number, code: string) => {
    const { line, col } = lines.linePos(offset)
    return {
      wrong: `is not usable YAML: line ${line}, column ${col}: ${REASONS[code] ?? code.toLowerCase().replaceAll('_', ' ')}`,
    }
  }
  try {
    if (isDeep(text)) return { wrong: 'is not usable YAML: nested too deeply' }
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
    const [flaw] = [...document.errors, ...document.warnings]
    if (flaw) return wrong(flaw.pos[0], flaw.code)
    const alias = firstAlias(document)
    return alias ? wrong(alias.range?.[0] ?? 0, 'BAD_ALIAS') : { value: document.toJS() as unknown }
  } catch {
    return { wrong: 'is not usable YAML: it cannot be parsed' }
  }
}

/**
 * Whether something is nested deeper than any configuration. The composer recurses until the stack ends, and V8 aborts the
 * process if a regular expression happens to be compiled there; the token parser does not recurse, so it can be asked first.
 */
function isDeep(text: string): boolean {
  const rest: [CST.Token, number][] = [...new Parser().parse(text)].map((token) => [token, 0])
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [token, depth] = next
    if (depth > DEEPEST) return true
    const children = 'items' in token ? token.items.flatMap(({ key, value }) => [key, value]) : []
    if (token.type === 'document') children.push(token.value)
    for (const child of children) if (child) rest.push([child, depth + 1])
  }
  return false
}

function firstAlias(document: Document): Alias | undefined {
  let found: Alias | undefined
  visit(document, {
    Alias: (_, alias) => {
      found = alias
      return visit.BREAK
    },
  })
  return found
}
