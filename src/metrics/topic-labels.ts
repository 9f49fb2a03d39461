import type { Layout } from '../model/topology.ts'
import { labelText } from './family.ts'
import { LabelColumn } from './label-column.ts'

/** Label text of every topic and partition that the user wants series for; undefined where the filter leaves it out. */
export interface LayoutLabels {
  /** By index into the layout's topics. */
  readonly topics: LabelColumn
  /** By row. */
  readonly partitions: LabelColumn
}

/** Keeps a layout's label text: it changes only when topics do. */
export class TopicLabels {
  readonly #known = new WeakMap<Layout, LayoutLabels>()
  readonly #wanted: (topic: string) => boolean

  constructor(wanted: (topic: string) => boolean) {
    this.#wanted = wanted
  }

  of(layout: Layout): LayoutLabels {
    const known = this.#known.get(layout)
    if (known !== undefined) return known
    const { topics, topicOf, partition } = layout
    const texts: { readonly text: string | undefined }[] = []
    const ofTopic = (t: number): string | undefined => (texts[t] ??= { text: this.#textOf(topics[t]?.name) }).text
    const ofRow = (row: number): string | undefined => {
      const topic = ofTopic(topicOf[row] ?? -1)
      return topic === undefined ? undefined : `${topic},partition="${partition[row] ?? -1}"`
    }
    const labels = {
      topics: new LabelColumn(topics.length, ofTopic),
      partitions: new LabelColumn(partition.length, ofRow),
    }
    this.#known.set(layout, labels)
    return labels
  }

  #textOf(topic: string | undefined): string | undefined {
    return topic !== undefined && this.#wanted(topic) ? labelText({ topic }) : undefined
  }
}
