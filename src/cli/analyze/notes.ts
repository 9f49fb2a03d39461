import type { Report } from './report-types.ts'
import type { LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import { list } from '../../verdicts/timeline/titles.ts'
import type { Reading } from './record.ts'
import { type Clock, counted } from './times.ts'

/** A directory may have thousands that are empty. */
const mostNames = 20

/** What was not read or not kept. */
export function readingNotes({ failed, empty, bare, copies }: Reading): string[] {
  const notes = failed.map(({ path, reason }) => `${path} could not be read to its end: ${reason}`)
  if (bare.length > 0) notes.push(`no log file in ${names(bare)}`)
  if (empty.length > 0) notes.push(`without a line: ${names(empty)}`)
  if (copies.length > 0) notes.push(`left out, as the same is there without compression: ${names(copies)}`)
  return notes
}

/** What of the time is not told at all. */
export function readingWarnings({ reading, options }: Pick<Report, 'reading' | 'options'>, clock: Clock): string[] {
  const { dropped, fullFrom } = reading
  if (fullFrom === undefined) return []
  const from = clock.full(fullFrom)
  // The times that are asked for have a margin: of lines that dense a narrower time does not make fewer.
  const isNarrower = fullFrom < (options.to ?? Infinity)
  const way = isNarrower ? `--to=${from.slice(0, 19).replace(' ', 'T')} tells` : 'fewer files at a time tell'
  return [
    `there was room for what happened from ${from} on only: ${counted(dropped, 'event')} from before were left out, and what began and ended before is not told; ${way} what was before`,
  ]
}

const names = (paths: readonly string[]): string =>
  list(paths.length <= mostNames ? paths : [...paths.slice(0, mostNames), `${paths.length - mostNames} more`])

/** Files whose times were moved. */
export const shifted = ({ files }: LogRecord): readonly LogFileFacts[] => files.filter(({ shiftMs }) => shiftMs !== 0)
