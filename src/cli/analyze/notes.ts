import type { LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import { list } from '../../verdicts/timeline/titles.ts'
import type { Reading } from './record.ts'
import { counted } from './times.ts'

/** A directory may have thousands that are empty. */
const mostNames = 20

/** What was not read or not kept. */
export function readingNotes({ failed, dropped, empty, bare }: Reading): string[] {
  const notes = failed.map(({ path, reason }) => `${path} could not be read to its end: ${reason}`)
  if (bare.length > 0) notes.push(`no log file in ${names(bare)}`)
  if (empty.length > 0) notes.push(`without a line: ${names(empty)}`)
  if (dropped > 0) notes.push(`${counted(dropped, 'event')} had no room: narrow the time with --from and --to`)
  return notes
}

const names = (paths: readonly string[]): string =>
  list(paths.length <= mostNames ? paths : [...paths.slice(0, mostNames), `${paths.length - mostNames} more`])

/** Files whose times were moved. */
export const shifted = ({ files }: LogRecord): readonly LogFileFacts[] => files.filter(({ shiftMs }) => shiftMs !== 0)
