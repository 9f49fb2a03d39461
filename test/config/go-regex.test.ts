import { expect, it } from 'vitest'
import { parseGoRegex } from '../../src/config/go-regex.ts'

/** Pattern, names that Go finds it in, names that it does not. */
const MEANINGS: [string, string[], string[]][] = [
  ['', ['', 'a'], []],
  ['.*', ['', 'a'], []],
  ['^$', [''], ['a']],
  ['orders', ['orders', 'my-orders-v2'], ['order']],
  ['^orders$', ['orders'], ['my-orders', 'orders2']],
  ['^(?:a|b)$', ['a', 'b'], ['ab']],
  ['(?i)^ORDERS', ['orders.eu'], ['x-orders']],
  ['(?is)a.b', ['A\nB'], ['ab']],
  [String.raw`\Aab\z`, ['ab'], ['ab\n', 'xab', 'A']],
  [String.raw`a\-b\_c\:d\.e`, ['a-b_c:d.e'], ['a-b_c:dxe']],
  [String.raw`a\ b\/c`, ['a b/c'], ['ab/c']],
  [String.raw`^[a\-z\]]+$`, ['a-z]'], ['b']],
  ['^[]a]+$', [']a'], ['b']],
  ['^[^]a]+$', ['b'], [']', 'a']],
  ['^[[a]+$', ['[a'], ['b']],
  ['^[[:alpha:]_]+$', ['Ab_'], ['a1', ':']],
  ['^[^[:digit:]]+$', ['ab'], ['a1']],
  [String.raw`^[\w.]+$`, ['a_1.b'], ['a-b']],
  [String.raw`^\d{2,3}$`, ['12', '123'], ['1', '1234']],
  ['^a{,2}$', ['a{,2}'], ['aa']],
  ['^{a}]$', ['{a}]'], ['a']],
  [String.raw`^\Qa.b*\E+$`, ['a.b*', 'a.b**'], ['axb']],
  [String.raw`\Q(`, ['('], ['a']],
  ['^(?P<name>a)$', ['a'], ['b']],
  [String.raw`^\x{e9}\x41$`, ['éA'], ['e']],
  [String.raw`^\pL+$`, ['é'], ['1']],
  ['^é+$', ['éé'], ['e']],
]

it.each(MEANINGS)('%j means what it means in Go', (text, found, notFound) => {
  const pattern = parseGoRegex(text)
  if (!(pattern instanceof RegExp)) throw new Error(pattern.wrong)
  expect(found.filter((name) => !pattern.test(name))).toEqual([])
  expect(notFound.filter((name) => pattern.test(name))).toEqual([])
})

const REFUSED: [string, string][] = [
  ['a(', 'unterminated group'],
  ['a)', 'unmatched )'.replace(')', "')'")],
  ['*a', 'nothing to repeat'],
  ['a**', 'nothing to repeat'],
  ['[a', 'a bracket is not closed'],
  ['[z-a]', 'range out of order in character class'],
  ['[[:nope:]]', '[:nope:] is no class of characters'],
  ['a(?=b)', 'Go has no look-ahead and look-behind (--topic.exclude and --group.exclude take things out)'],
  ['(?!b)', 'Go has no look-ahead and look-behind (--topic.exclude and --group.exclude take things out)'],
  ['(?<=b)a', 'Go has no look-ahead and look-behind (--topic.exclude and --group.exclude take things out)'],
  [String.raw`(a)\1`, 'Go has no back-references'],
  ['a(?i)b', 'flags are only understood at the very beginning, as in (?i)'],
  ['(?i:a)', 'flags are only understood at the very beginning, as in (?i)'],
  ['(?U)a', 'the flag U is not understood'],
  [String.raw`\y`, 'invalid escape'],
]

it.each(REFUSED)('%j is refused', (text, reason) => {
  expect(parseGoRegex(text)).toEqual({ wrong: `${JSON.stringify(text)} is not a usable pattern: ${reason}` })
})
