import type { FileStat } from './disk.ts'
import type { OpenLog } from './open-log.ts'
import { isAt, isSameAge, isUnchanged, mayBeAt, type Place } from './place.ts'

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
  /** By inode and beginning, oldest first. */
  readonly #places = new Map<string, KeptPlace>()
  /** The newest one of an inode: a deleted file's becomes another one's. */
  readonly #byInode = new Map<string, KeptPlace>()

  constructor(most: number) {
    this.#most = most
  }

  /** `most`: as many as are kept now. */
  add(place: KeptPlace, most = this.#most): void {
    this.#put(place)
    for (const oldest of this.#places.values()) {
      if (this.#places.size <= most) return
      this.#places.delete(keyOf(oldest))
      if (this.#byInode.get(oldest.given.ino) === oldest) this.#byInode.delete(oldest.given.ino)
    }
  }

  find(stat: FileStat, head: Uint8Array): Place | undefined {
    for (const { given } of this.#places.values()) if (mayBeAt(given, stat) && isAt(given, stat, head)) return given
    return undefined
  }

  /** It was read to its end and is as it was then. */
  isRead(stat: FileStat): boolean {
    const given = this.#byInode.get(stat.ino)?.given
    return given !== undefined && isSameAge(given, stat) && isUnchanged(given, stat)
  }

  commit(): void {
    for (const place of this.#places.values()) if (place.committed !== place.given) this.#replace(keptAt(place.given))
  }

  all(): readonly KeptPlace[] {
    return [...this.#places.values()]
  }

  committed(): readonly Place[] {
    return this.all().map(({ committed }) => committed)
  }

  #put(place: KeptPlace): void {
    this.#places.delete(keyOf(place))
    this.#replace(place)
  }

  #replace(place: KeptPlace): void {
    this.#places.set(keyOf(place), place)
    this.#byInode.set(place.given.ino, place)
  }
}

function keyOf({ given: { ino, head } }: KeptPlace): string {
  return `${ino} ${head}`
}
