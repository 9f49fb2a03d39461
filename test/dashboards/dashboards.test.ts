import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dashboards, text } from '../../dashboards/all.ts'
import { contract } from '../support/contract.ts'
import { targetLabels, unknownNames } from '../support/names.ts'
import { askedBy, withoutVariables } from '../support/promql.ts'

interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}
interface Source {
  readonly type: string
  readonly uid: string
}
interface Target {
  readonly expr: string
  readonly refId: string
  readonly legendFormat?: string
  readonly datasource: Source
}
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: Place
  readonly datasource?: Source
  readonly targets?: readonly Target[]
  readonly fieldConfig?: { readonly defaults: { readonly noValue?: string; readonly unit?: string } }
}
interface Variable {
  readonly name: string
  readonly type: string
  readonly query: string
  readonly datasource?: Source
}
interface File {
  readonly id: null
  readonly uid: string
  readonly editable: boolean
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly Variable[] }
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
}

const folder = new URL('../../dashboards/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

it('every dashboard is generated, and every file is a dashboard', () => {
  expect([...dashboards().keys()]).toEqual(files)
})

// Grafana is not in Debian and not on npm, so that none has opened these here: what its import relies on is held instead.
describe.each(files)('%s', (name) => {
  const file = JSON.parse(read(name)) as File
  const rows = file.panels.filter(({ type }) => type === 'row')
  const panels = file.panels.filter(({ type }) => type !== 'row')
  const queries = panels.flatMap(({ id, targets = [] }) => targets.map((target) => ({ id, ...target })))
  const expressions = [...queries, ...file.annotations.list].map(({ expr }) => expr)

  it('is what its source says: npm run dashboards', () => {
    const generated = dashboards().get(name)
    expect(generated && text(generated)).toBe(read(name))
  })

  it('asks something', () => {
    expect(rows.length).toBeGreaterThanOrEqual(5)
    expect(panels.length).toBeGreaterThanOrEqual(20)
    expect(panels.filter(({ targets = [] }) => targets.length === 0)).toEqual([])
  })

  it('names only metrics and labels that exist', () => {
    const plain = expressions.map(withoutVariables)
    expect([...new Set(plain.flatMap(unknownNames))]).toEqual([])
  })

  it('puts only labels into legends that the series have', () => {
    const wrong = queries.flatMap(({ id, expr, legendFormat = '' }) => {
      const { metrics, grouping } = askedBy(withoutVariables(expr))
      const labels = contract
        .filter((line) => metrics.has(line.split(' ')[0] ?? ''))
        .flatMap((line) => line.split(' ').slice(2))
      const kept = new Set([...targetLabels, ...(grouping.size > 0 ? grouping : labels)])
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
      return shown.filter((label) => !kept.has(label)).map((label) => `panel ${id}: no label ${label} in ${expr}`)
    })
    expect(wrong).toEqual([])
  })

  it('takes every series from the exporters that were chosen', () => {
    const unchosen = queries.filter(({ expr }) => {
      const selectors = expr.match(/\b(?:kafka_\w+|up)\b\{[^}]*\}/g) ?? []
      const named = [...askedBy(withoutVariables(expr)).metrics.keys()].filter((metric) => metric !== 'ALERTS')
      const isChosen = (each: string): boolean => each.includes('job=~"$job", instance=~"$instance"')
      return named.length > 0 && (selectors.length === 0 || !selectors.every(isChosen))
    })
    expect(unchosen.map(({ expr }) => expr)).toEqual([])
  })

  it('lets counters grow over the interval that Grafana knows, and nothing else', () => {
    const isCounter = new Set(contract.filter((line) => line.split(' ')[1] === 'counter').map((l) => l.split(' ')[0]))
    const grown = expressions.flatMap((expr) => [...expr.matchAll(/\b(\w+)\((\w+)\{[^}]*\}\[([^\]]+)\]\)/g)])
    expect(grown.length).toBeGreaterThan(4)
    for (const [, how, metric, range] of grown) {
      expect(range).toBe('$__rate_interval')
      expect([metric, isCounter.has(metric) ? 'increase' : 'deriv']).toEqual([metric, how])
    }
  })

  it('has an identity that links hold on to', () => {
    expect(file.id).toBeNull()
    expect(file.uid).toBe(name.replace('.json', ''))
    expect(file.editable).toBe(false)
    const ids = file.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(Math.min(...ids)).toBeGreaterThan(0)
  })

  it('has a data source that can be chosen, everywhere', () => {
    const chosen = { type: 'prometheus', uid: '${datasource}' }
    expect(file.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
    for (const panel of panels) expect([panel.title, panel.datasource]).toEqual([panel.title, chosen])
    for (const query of queries) expect(query.datasource).toEqual(chosen)
    for (const { datasource, type } of file.templating.list) if (type === 'query') expect(datasource).toEqual(chosen)
  })

  it('knows every variable that it uses, and their queries', () => {
    const known = file.templating.list.map((variable) => variable.name)
    expect(known).toEqual(['datasource', 'job', 'instance'])
    const used = [...read(name).matchAll(/\$\{?([a-z]\w*)/g)].map(([, variable = '']) => variable)
    expect([...new Set(used)].filter((variable) => !known.includes(variable))).toEqual([])
    for (const { type, query } of file.templating.list.filter((variable) => variable.type === 'query')) {
      const [, vector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [type]
      expect(unknownNames(`group by (${label}) (${withoutVariables(vector)})`)).toEqual([])
    }
  })

  it('explains every panel, and says when something is not known', () => {
    for (const { title, description = '', fieldConfig } of panels) {
      expect(title).toMatch(/^\S.{2,}/)
      expect([title, description.length > 20]).toEqual([title, true])
      expect([title, fieldConfig?.defaults.noValue]).toEqual([title, 'not known'])
    }
  })

  it('lies within the grid, and no panel on another', () => {
    const wrong = file.panels.flatMap(({ title, gridPos: a }, index) => {
      const outside = a.x < 0 || a.y < 0 || a.w < 1 || a.h < 1 || a.x + a.w > 24 ? [`${title} is outside`] : []
      const covered = file.panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      return [...outside, ...covered.map((other) => `${title} covers ${other.title}`)]
    })
    expect(wrong).toEqual([])
  })
})
