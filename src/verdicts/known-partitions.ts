import type { Topology } from '../model/topology.ts'
import type { View } from '../model/view.ts'
import { sameBrokers, samePartitions } from './changes.ts'

/** Columns that say the same are the same objects, so that nothing is judged anew that did not change. */
export function withKnownPartitions(view: View, last: Topology | undefined): View {
  const said = view.topology
  if (said === undefined || last === undefined) return view
  const partitions = samePartitions(last.partitions, said.value.partitions) ? last.partitions : said.value.partitions
  const brokers = sameBrokers(last.brokers, said.value.brokers) ? last.brokers : said.value.brokers
  return { ...view, topology: { ...said, value: { ...said.value, partitions, brokers } } }
}
