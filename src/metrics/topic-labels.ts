import type { Layout } from '../model/topology.ts'
import { labelText } from './family.ts'

/** Label text of every topic and partition that the user wants series for; undefined where the filter leaves it out. */
export interface LayoutLabels {
  readonly topics: readonly (string | undefined)[]
  /** By row. */
  readonly partitions: readonly (string | undefined)[]
}

/** Builds a layout's label text once: it is most of the cost of rendering and changes only when topics do. */
export class TopicLabels {
  readonly #known = new WeakMap<Layout, LayoutLabels>()
  readonly #wanted: (topic: string) => boolean

  constructor(wanted: (topic: string) => boolean) {
    this.#wanted = wanted
  }

  of(layout: Layout): LayoutLabels {
    const known = this.#known.get(layout)
    if (known !== undefined) return known
    const topics = layout.topics.map(({ name }) => (this.#wanted(name) ? labelText({ topic: name }) : undefined))
    const partitions = Array.from(layout.partition, (partition, row) => {
      const topic = topics[layout.topicOf[row] ?? 0]
      return topic === undefined ? undefined : `${topic},partition="${partition}"`
    })
    const labels = { topics, partitions }
    this.#known.set(layout, labels)
    return labels
  }
}
