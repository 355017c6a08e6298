/** Fills in what a legend says: what is under the cursor, or else what the page came with. */
export function fillLegend(figure: Element | null, moment: string, textOf: (key: string) => string | undefined): void {
  if (figure === null) return
  for (const value of figure.querySelectorAll<HTMLElement>('[data-key]')) {
    value.textContent = textOf(value.dataset['key'] ?? '') ?? value.dataset['total'] ?? ''
  }
  const place = figure.querySelector('.moment')
  if (place !== null) place.textContent = moment
}

/** How far an arrow key moves the cursor; undefined for other keys. */
export function stepOf(key: string): number | undefined {
  return { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[key]
}
