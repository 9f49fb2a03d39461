import { catalogue, type CatalogueOptions } from '../../src/metrics/catalogue.ts'
import { labelText } from '../../src/metrics/family.ts'
import { render } from '../../src/metrics/render.ts'
import { numberFamilies } from '../../src/metrics/zookeeper-numbers.ts'
import { paces } from '../../src/paces.ts'
import type { State } from '../../src/store.ts'
import { parseExposition } from '../../testbed/drills/exposition.ts'

export const build = { version: '0.1.0', revision: '0123456', node: '20.19.0' }

export const catalogueOptions: CatalogueOptions = {
  wantsTopic: () => true,
  offsetsMaxAgeMs: paces.offsets.maxAgeMs,
  build,
}

/** The page without process metrics. */
export function page(
  state: State,
  options: Partial<CatalogueOptions> = {},
  constant: Record<string, string> = {},
): string {
  const families = [...catalogue({ ...catalogueOptions, ...options }), ...numberFamilies(state)]
  return [...render(families, state, labelText(constant))].join('')
}

/** One family's series, as `a=1,b=2` -> value. Undefined: the family is absent. */
export function series(text: string, family: string): Record<string, number> | undefined {
  const found = [...parseExposition(text).series.values()].filter(({ name }) => name === family)
  const key = (labels: object): string =>
    Object.entries(labels)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(',')
  return found.length === 0 ? undefined : Object.fromEntries(found.map(({ labels, value }) => [key(labels), value]))
}

/** The value of a family that has one series without labels; undefined where it is absent. */
export function value(text: string, family: string): number | undefined {
  return series(text, family)?.['']
}
