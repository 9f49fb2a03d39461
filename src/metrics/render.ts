import type { State } from '../store.ts'
import type { Family } from './family.ts'

/** Text exposition format 0.0.4. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

const chunkLength = 64 * 1024

/**
 * The families that have rows, as chunks of about 64 KiB: whoever writes them can stop between two when the reader is slow.
 * `constant` labels (text form) come first in every series.
 */
export function* render(families: readonly Family[], state: State, constant = ''): Generator<string> {
  let text = ''
  for (const family of families) {
    let isFirst = true
    for (const { labels, value } of family.rows(state)) {
      if (isFirst) text += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`
      isFirst = false
      const pairs = constant === '' ? labels : labels === '' ? constant : `${constant},${labels}`
      text += pairs === '' ? `${family.name} ${value}\n` : `${family.name}{${pairs}} ${value}\n`
      if (text.length >= chunkLength) {
        yield text
        text = ''
      }
    }
  }
  if (text !== '') yield text
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
