import { addressText, type Address } from '../../model/address.ts'
import { answerOf } from '../../model/liveness.ts'
import type { View } from '../../model/view.ts'

/** A broker that answers its probes, where it is advertised. */
export interface AnsweringBroker {
  readonly id: number
  readonly address: Address
  /** Its address as text. */
  readonly text: string
  /** `mono` ms of its newest return from being down; undefined if it was never seen down. */
  readonly returnedAt: number | undefined
}

export function answeringBrokers({ liveness, roster }: View): readonly AnsweringBroker[] {
  return [...roster].flatMap(([id, { address }]): AnsweringBroker[] => {
    if (address === undefined || answerOf(liveness?.value, address) === undefined) return []
    const text = addressText(address)
    const state = liveness?.value.targets.get(text)
    return [{ id, address, text, returnedAt: state?.up === true ? state.returnedAt : undefined }]
  })
}
