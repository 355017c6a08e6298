import { ANSWER_CLASSES, type StressSecond } from '../stress/result.ts'
import { msText, number } from './stress-figures.ts'

/** A second in one line of at most so many columns, for whoever watches; what matters least is left out first. */
export function secondText(second: StressSecond, columns = Number.POSITIVE_INFINITY): string {
  const full = secondParts(second, 'full').join(', ')
  if (full.length <= columns) return full
  const parts = [...secondParts(second, 'short')]
  while (parts.length > 0 && parts.join(', ').length > columns) parts.pop()
  return parts.join(', ')
}

/** Whether nothing was due in a second, nothing came back, and nothing waits. */
export function isIdle({ due, answers, retriesWaiting, inFlight }: StressSecond): boolean {
  return due + retriesWaiting + inFlight === 0 && Object.values(answers).every((count) => count === 0)
}

function secondParts(second: StressSecond, detail: 'full' | 'short'): readonly string[] {
  const { delivered, blocked, dropped, retriesWaiting, inFlight, latencyMs, due } = second
  return [
    `${clockText(second.second)}  ${number(due)}/s due`,
    answersText([second]),
    ...(latencyMs === undefined
      ? []
      : [`${detail === 'full' ? `p50 ${msText(latencyMs.p50)} ` : ''}p99 ${msText(latencyMs.p99)}`]),
    ...(detail === 'full' ? [`${number(delivered)} delivered`] : []),
    ...lossParts(blocked, dropped),
    ...(retriesWaiting > 0 ? [waitingText(retriesWaiting)] : []),
    ...(inFlight > 0 ? [`${number(inFlight)} in flight`] : []),
  ]
}

/** Some seconds in a row, summed up in the parts of a line; none where nothing was due and nothing came back. */
export function spanParts(seconds: readonly StressSecond[]): readonly string[] {
  const [first, last] = [seconds[0], seconds.at(-1)]
  const sum = (count: (second: StressSecond) => number): number => seconds.reduce((all, one) => all + count(one), 0)
  const most = (count: (second: StressSecond) => number): number => Math.max(...seconds.map(count))
  const due = sum((second) => second.due)
  const ended = sum(({ answers }) => Object.values(answers).reduce((all, one) => all + one, 0))
  if (first === undefined || last === undefined || (due === 0 && ended === 0)) return []
  const p99Ms = most(({ latencyMs }) => latencyMs?.p99 ?? -1)
  const waiting = most(({ retriesWaiting }) => retriesWaiting)
  return [
    `${clockText(first.second)}-${clockText(last.second + 1)}  ${number(due)} due`,
    answersText(seconds),
    ...(p99Ms < 0 ? [] : [`p99 up to ${msText(p99Ms)}`]),
    `${number(sum(({ delivered }) => delivered))} delivered`,
    ...lossParts(
      sum(({ blocked }) => blocked),
      sum(({ dropped }) => dropped),
    ),
    ...(waiting > 0 ? [`${waiting > 1 ? 'up to ' : ''}${waitingText(waiting)}`] : []),
  ]
}

function answersText(seconds: readonly StressSecond[]): string {
  const counts = ANSWER_CLASSES.flatMap((what) => {
    const count = seconds.reduce((all, { answers }) => all + answers[what], 0)
    return count === 0 ? [] : [`${what} ${number(count)}`]
  })
  return counts.length === 0 ? 'no answer' : counts.join(' ')
}

function lossParts(blocked: number, dropped: number): readonly string[] {
  return [
    ...(blocked > 0 ? [`${number(blocked)} blocked`] : []),
    ...(dropped > 0 ? [`${number(dropped)} dropped`] : []),
  ]
}

function waitingText(count: number): string {
  return `${number(count)} ${count === 1 ? 'retry' : 'retries'} waiting`
}

function clockText(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
