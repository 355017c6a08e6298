import type { Program } from './program.ts'

/*
 * Two brands of one invented group. In the first one currency is earned, spent and qualifies;
 * the second one counts status apart from what is spent. Managers are roles, not people.
 */

const boreal = {
  id: 'boreal-club',
  name: 'Boréal Club',
  currencies: [
    { id: 'points', name: 'Boréal Points' },
    { id: 'stars', name: 'Boréal Stars' },
  ],
  qualifyingCurrency: 'points',
  levels: [
    { id: 'explorer', name: 'Explorer', rank: 1, threshold: 0 },
    { id: 'silver', name: 'Silver', rank: 2, threshold: 500 },
    { id: 'gold', name: 'Gold', rank: 3, threshold: 2_000 },
    { id: 'platinum', name: 'Platinum', rank: 4, threshold: 5_000 },
  ],
  levelValidityMonths: 12,
  earningRules: [
    {
      id: 'campaign-participation',
      name: 'Take part in a campaign',
      currency: 'points',
      points: [10, 100],
      source: { platform: 'Qualifio Engage', action: 'Campaign participation' },
      expiresAfterMonths: 12,
    },
    {
      id: 'quiz-win',
      name: 'Win a quiz',
      currency: 'points',
      points: [50, 250],
      source: { platform: 'Qualifio Engage', action: 'Quiz won' },
      expiresAfterMonths: 12,
    },
    {
      id: 'online-purchase',
      name: 'Buy online',
      currency: 'points',
      points: [20, 600],
      source: { platform: 'Web shop', action: 'Purchase' },
      expiresAfterMonths: 24,
    },
    {
      id: 'newsletter-opt-in',
      name: 'Subscribe to the newsletter',
      currency: 'points',
      points: [50, 50],
      source: { platform: 'CRM', action: 'Newsletter opt-in' },
      expiresAfterMonths: null,
    },
    {
      id: 'product-review',
      name: 'Review a product',
      currency: 'stars',
      points: [1, 5],
      source: { platform: 'Web shop', action: 'Product review' },
      expiresAfterMonths: null,
    },
  ],
  rewards: [
    { id: 'voucher-5', name: '€5 voucher', kind: 'promo_code', cost: 250, currency: 'points' },
    { id: 'voucher-10', name: '€10 voucher', kind: 'promo_code', cost: 450, currency: 'points' },
    { id: 'tote-bag', name: 'Organic cotton tote bag', kind: 'physical', cost: 600, currency: 'points' },
    { id: 'plant-a-tree', name: 'Plant a tree', kind: 'donation', cost: 150, currency: 'points' },
    { id: 'early-access', name: 'Early access to the sales', kind: 'promo_code', cost: 10, currency: 'stars' },
  ],
  gifts: [
    { id: 'birthday-voucher', name: 'Birthday voucher', kind: 'promo_code' },
    { id: 'sample-box', name: 'Discovery box', kind: 'physical' },
    { id: 'charity-euro', name: 'One euro for the food bank', kind: 'donation' },
  ],
  correctionReasons: {
    plus: [
      'Purchase not credited',
      'Goodwill gesture',
      'Campaign bonus missing',
      'Points restored after a cancelled order',
    ],
    minus: ['Purchase returned', 'Points credited twice', 'Campaign terms not met'],
  },
  giftMessages: ['Happy birthday from all of us!', 'Thank you for your loyalty.', 'A small surprise for your loyalty.'],
  managers: [
    { id: 'customer-care', name: 'Customer care' },
    { id: 'loyalty-team', name: 'Loyalty team' },
    { id: 'store-brussels', name: 'Brussels store desk' },
  ],
  portalHost: 'club.boreal.example.com',
} as const satisfies Program

const maree = {
  id: 'maree-rewards',
  name: 'Marée Rewards',
  currencies: [
    { id: 'miles', name: 'Marée Miles' },
    { id: 'status', name: 'Status points' },
  ],
  qualifyingCurrency: 'status',
  levels: [
    { id: 'sand', name: 'Sand', rank: 1, threshold: 0 },
    { id: 'shell', name: 'Shell', rank: 2, threshold: 100 },
    { id: 'coral', name: 'Coral', rank: 3, threshold: 300 },
    { id: 'pearl', name: 'Pearl', rank: 4, threshold: 800 },
  ],
  levelValidityMonths: 24,
  earningRules: [
    {
      id: 'booking',
      name: 'Book a stay',
      currency: 'miles',
      points: [200, 3_000],
      source: { platform: 'Booking engine', action: 'Stay booked' },
      expiresAfterMonths: 36,
    },
    {
      id: 'wheel-of-fortune',
      name: 'Spin the wheel',
      currency: 'miles',
      points: [5, 500],
      source: { platform: 'Qualifio Engage', action: 'Instant win' },
      expiresAfterMonths: 6,
    },
    {
      id: 'night-stayed',
      name: 'Spend a night',
      currency: 'status',
      points: [10, 60],
      source: { platform: 'Property management', action: 'Night stayed' },
      expiresAfterMonths: 24,
    },
    {
      id: 'survey',
      name: 'Answer a survey',
      currency: 'status',
      points: [5, 15],
      source: { platform: 'Qualifio Engage', action: 'Survey completed' },
      expiresAfterMonths: 24,
    },
  ],
  rewards: [
    { id: 'breakfast', name: 'Breakfast for two', kind: 'promo_code', cost: 1_200, currency: 'miles' },
    { id: 'late-checkout', name: 'Late check-out', kind: 'promo_code', cost: 800, currency: 'miles' },
    { id: 'beach-towel', name: 'Beach towel', kind: 'physical', cost: 1_500, currency: 'miles' },
    { id: 'clean-beaches', name: 'Clean beaches fund', kind: 'donation', cost: 500, currency: 'miles' },
  ],
  gifts: [
    { id: 'welcome-drink', name: 'Welcome drink', kind: 'promo_code' },
    { id: 'sea-salt', name: 'Jar of sea salt', kind: 'physical' },
  ],
  correctionReasons: {
    plus: ['Stay not credited', 'Complaint settled', 'Partner miles added by hand'],
    minus: ['Stay cancelled', 'Miles credited twice'],
  },
  giftMessages: ['Welcome back!', 'With apologies for the building works.'],
  managers: [
    { id: 'guest-relations', name: 'Guest relations' },
    { id: 'head-office', name: 'Head office loyalty desk' },
  ],
  portalHost: 'rewards.maree.example.com',
} as const satisfies Program

/** The programs that come with the tool; the first is the default. */
export const BUILT_IN_PROGRAMS = [boreal, maree] as const satisfies readonly Program[]
