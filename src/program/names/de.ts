/** faker's data for the locale `de`. A module of its own, so that it is loaded only when a member needs it. */
export { de as definitions } from '@faker-js/faker'
