import { figureText as exactFigure } from './stress-page/numbers.ts'

/** A count or a rate. */
export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
}

/** A percentage, without rounding to all what is not all. */
export function shareText(percent: number): string {
  return percent === 100 || percent === 0 ? `${percent} %` : `${percent.toFixed(percent > 99 ? 2 : 1)} %`
}

/** A ratio, as on the page. */
export const ratioText = exactFigure

/** A rate, as on the page. */
export function rateText(perSecond: number): string {
  return `${exactFigure(perSecond)}/s`
}

/** A figure of any kind, without digits that say nothing. */
export function figureText(value: number): string {
  return value.toLocaleString(
    'en',
    Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  )
}

/** Milliseconds with as many digits as matter. */
export function msText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 1 : 2)} s`
  return `${ms >= 100 ? Math.round(ms) : Number(ms.toPrecision(2))} ms`
}

/** Bytes in the binary units. */
export function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024).toLocaleString('en')} KB`
  return `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}
