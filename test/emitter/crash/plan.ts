/** What an emitter that is killed does. */
export interface ProcessPlan {
  readonly folder: string
  readonly url: string
  readonly concurrency: number
  readonly order: 'none' | 'by-member'
  readonly batchWindowMs: number
  /** Above 0 it goes on until it is killed; otherwise it ends when all is delivered. */
  readonly pacePerSecond: number
  /** So many events are asked for at the start. */
  readonly events: number
}

/** Members at the first start. */
export const FIRST_MEMBERS = 30

/** The webhook's secret. */
export const SECRET = 'my-secret'
