import type { FileStat } from './disk.ts'
import type { OpenLog } from './open-log.ts'
import { isAt, mayBeAt, type Place } from './place.ts'

/** A file that is not open (any more): how far it was read, and how far that is taken for good. */
export interface KeptPlace {
  readonly given: Place
  readonly committed: Place
}

export function keptAt(place: Place): KeptPlace {
  return { given: place, committed: place }
}

export function keptPlaceOf(log: OpenLog): KeptPlace {
  return { given: log.place(), committed: log.committedPlace() }
}

/** The files that were read to their end and closed, so that none is read again under its new name. */
export class KeptPlaces {
  readonly #most: number
  #places: KeptPlace[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** The place that is forgotten for it, if any. */
  add(place: KeptPlace): Place | undefined {
    const { ino, head } = place.given
    const others = this.#places.filter(({ given }) => given.ino !== ino || given.head !== head)
    const all = [...others, place]
    this.#places = all.slice(-this.#most)
    return all.at(-this.#most - 1)?.given
  }

  find(stat: FileStat, head: Uint8Array): Place | undefined {
    return this.#places.find(({ given }) => mayBeAt(given, stat) && isAt(given, stat, head))?.given
  }

  commit(): void {
    this.#places = this.#places.map(({ given }) => keptAt(given))
  }

  all(): readonly KeptPlace[] {
    return this.#places
  }

  committed(): readonly Place[] {
    return this.#places.map(({ committed }) => committed)
  }
}
