import { describe, expect, it } from 'vitest'
import type { Example, Rule } from '../../../src/sources/logs/rule.ts'
import { allRules, countedEvents } from '../../../src/sources/logs/rules/all.ts'
import { told } from './lines.ts'

const examples = allRules.flatMap((rule) => rule.examples.map((example) => ({ rule, example })))
const wordings = allRules.flatMap((rule) => rule.wordings.map((wording) => ({ rule, wording })))

function run({ component }: Rule, { line, continuation }: Example): ReturnType<typeof told> {
  return told(`${line}\n${continuation === undefined ? '' : `${continuation}\n\tat some.Frame(Frame.java:1)\n`}`, {
    component,
  })
}

describe('every example of every rule', () => {
  it.each(examples.map(({ rule, example }) => [rule.event, example.version, rule, example] as const))(
    'is %s of %s and nothing else',
    (event, _, rule, example) => {
      const [first, ...more] = run(rule, example).events
      expect(more).toEqual([])
      expect(first).toMatchObject({ event, component: rule.component, class: rule.class, severity: rule.severity })
      expect(first?.fields).toEqual(example.fields)
    },
  )

  it('is told the same without its end, as a line of more than 64 KiB is', () => {
    const changed: string[] = []
    for (const { rule, example } of examples) {
      if (rule.wordings.some(({ loggers }) => loggers !== undefined)) continue
      const cut = { ...example, line: example.line.replace(/ \([\w.$]+\)$/, '') }
      if (run(rule, cut).events[0]?.event !== rule.event) changed.push(cut.line)
    }
    expect(changed).toEqual([])
  })

  it('says nothing when the other product wrote it', () => {
    const mistaken: string[] = []
    for (const { rule, example } of examples) {
      const other = rule.component === 'zookeeper' ? 'kafka.server.KafkaServer' : 'org.apache.zookeeper.server.Other'
      const line = example.line.replace(/ \([\w.$]+\)$/, ` (${other})`)
      if (line === example.line) continue
      if (told(`${line}\n`).events.some(({ event }) => event === rule.event)) mistaken.push(line)
    }
    expect(mistaken).toEqual([])
  })
})

describe('the tables', () => {
  it('have an example for every rule and every wording', () => {
    const without = wordings.filter(
      ({ rule, wording }) =>
        !rule.examples.some(({ line }) =>
          line.includes(wording.begins === '' ? (wording.prefix ?? '-') : wording.begins),
        ),
    )
    // Exceptions of the JDK come in more packages than there are examples.
    expect(
      without.filter(({ wording }) => wording.bare !== true).map(({ rule, wording }) => [rule.event, wording.begins]),
    ).toEqual([])
    expect(allRules.filter(({ examples: some }) => some.length === 0)).toEqual([])
  })

  it('name an event once', () => {
    const events = allRules.map(({ event }) => event)
    expect(events.filter((event, i) => events.indexOf(event) !== i)).toEqual([])
  })

  it('name what is counted: everything but noise', () => {
    expect(countedEvents.map(({ event }) => event)).toEqual(
      allRules.filter(({ severity }) => severity !== 'noise').map(({ event }) => event),
    )
    expect(countedEvents).toContainEqual({ component: 'zookeeper', event: 'zk_session_expired' })
  })

  it('begin with four characters or with a prefix', () => {
    const short = wordings.filter(
      ({ wording: { begins, prefix } }) => begins.length < 4 && !(begins === '' && (prefix ?? '').length > 3),
    )
    expect(short).toEqual([])
  })

  // What a pattern costs is bound by the 2,048 characters it sees and by these rules; hostile.test.ts measures it.
  it('have patterns that are bound to the beginning, repeat nothing without a bound and nest no repetition', () => {
    const sources = wordings.flatMap(({ wording }) => (wording.pattern === undefined ? [] : [wording.pattern]))
    for (const { source, flags } of sources) {
      expect(flags).toBe('')
      expect(source).toMatch(/^(?:\^|\\b0x0)/)
      const bare = source.replace(/\[(?:\\.|[^\]])*\]/g, 'x').replace(/\\[^bBsSdDwW]/g, 'x')
      expect(bare).not.toMatch(/[*+]/)
      expect(bare).not.toMatch(/\{\d*,\}/)
      expect(bare).not.toMatch(/\)\{/)
    }
  })
})
