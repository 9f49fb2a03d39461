/** The feature of a KRaft cluster that stands for its version, in ApiVersions. */
export const metadataVersionFeature = 'metadata.version'

/** Release -> its levels, oldest first. Source: enum MetadataVersion of Kafka 4.1.1 (server-common), levels before 7 of 3.9.1. */
const levels: readonly (readonly [release: string, first: number, count: number])[] = [
  ['3.1', 2, 1],
  ['3.2', 3, 1],
  ['3.3', 4, 4],
  ['3.4', 8, 1],
  ['3.5', 9, 3],
  ['3.6', 12, 3],
  ['3.7', 15, 5],
  ['3.8', 20, 1],
  ['3.9', 21, 1],
  ['4.0', 22, 4],
  ['4.1', 26, 2],
  ['4.2', 28, 2],
]

/** Level 27 is `4.1-IV1`, as Kafka's tools write it. Levels of releases that are not known here stay numbers. */
export function metadataVersionName(level: number): string {
  const release = levels.find(([, first, count]) => level >= first && level < first + count)
  if (release === undefined) return level === 1 ? '3.0-IV1' : String(level)
  return `${release[0]}-IV${level - release[1]}`
}
