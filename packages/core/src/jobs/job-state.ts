import type { JobState } from '@anura/openapi';

/*
 *  (offer made)
 *       │
 *       ▼          deal-agreed                  results-submitted, job-failed        results-accepted
 *  DealNegotiating ───────────► DealAgreed ───────────────────────────► ResultsSubmitted ───────► ResultsAccepted
 *    │  │  │  ▲                  │  │  │                                  ▲        │
 *    │  │  │  └── deal-dropped ──┘  │  │                                  │        └ download-timed-out ► TimeoutDownload
 *    │  │  └───────────────────────────── job-failed ────────────────────┘
 *    │  └ match-timed-out ► TimeoutMatch  └ execution-timed-out ► TimeoutExecution
 *    │
 *    └─ from both, while nothing is delivered: job-cancelled ► JobOfferCancelled, job-timed-out ► JobTimedOut
 *
 *  A failed job rests in ResultsSubmitted with its error: there is nothing to accept and nothing to miss. That is the only
 *  thing the name of the state does not tell, so it is asked for as `failed`.
 */

export const jobStates = [
  'DealNegotiating',
  'DealAgreed',
  'ResultsSubmitted',
  'ResultsAccepted',
  'JobOfferCancelled',
  'JobTimedOut',
  'TimeoutMatch',
  'TimeoutExecution',
  'TimeoutDownload',
] as const satisfies readonly JobState[];

export const jobEventTypes = [
  /** A provider took it. */
  'deal-agreed',
  /** The provider gave it back or was lost; another may take it. */
  'deal-dropped',
  /** The provider delivered. */
  'results-submitted',
  /** It failed and will not be tried again. */
  'job-failed',
  /** The results reached the caller. */
  'results-accepted',
  /** The caller left or asked to stop. */
  'job-cancelled',
  'match-timed-out',
  'execution-timed-out',
  'job-timed-out',
  'download-timed-out',
] as const;

export type JobEventType = (typeof jobEventTypes)[number];

type Exits = Readonly<Partial<Record<JobEventType, JobState>>>;

const transitions: Readonly<Record<JobState, Exits>> = {
  DealNegotiating: {
    'deal-agreed': 'DealAgreed',
    'job-failed': 'ResultsSubmitted',
    'job-cancelled': 'JobOfferCancelled',
    'match-timed-out': 'TimeoutMatch',
    'job-timed-out': 'JobTimedOut',
  },
  DealAgreed: {
    'deal-dropped': 'DealNegotiating',
    'results-submitted': 'ResultsSubmitted',
    'job-failed': 'ResultsSubmitted',
    'job-cancelled': 'JobOfferCancelled',
    'execution-timed-out': 'TimeoutExecution',
    'job-timed-out': 'JobTimedOut',
  },
  ResultsSubmitted: {
    'results-accepted': 'ResultsAccepted',
    'download-timed-out': 'TimeoutDownload',
  },
  ResultsAccepted: {},
  JobOfferCancelled: {},
  JobTimedOut: {},
  TimeoutMatch: {},
  TimeoutExecution: {},
  TimeoutDownload: {},
};

/** Where a job stands. `failed` is set once a `job-failed` has happened. */
export interface JobPosition {
  readonly state: JobState;
  readonly failed: boolean;
}

/** The state after the event, or `undefined` when it cannot happen there: too late, or out of order. */
export function nextState({ state, failed }: JobPosition, event: JobEventType): JobState | undefined {
  return failed ? undefined : transitions[state][event];
}

/** Whether nothing can happen to the job any more. */
export function isFinal({ state, failed }: JobPosition): boolean {
  return failed || Object.keys(transitions[state]).length === 0;
}

/** Whether a provider still has to deliver. */
export function isUnfinished(state: JobState): boolean {
  return state === 'DealNegotiating' || state === 'DealAgreed';
}
