import type { OptionName } from './options.ts'

/** A value as it was given, and the key as the user spelled it, for messages. */
export interface Given {
  readonly value: unknown
  readonly origin: string
}

/** What one place (command line, environment, file) sets, and what was wrong with it before any value was looked at. */
export interface Reading {
  readonly given: ReadonlyMap<OptionName, Given>
  readonly problems: readonly string[]
}
