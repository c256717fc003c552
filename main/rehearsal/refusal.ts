/** Why a field was not taken, by the field's name; a member of an object as `organisation.customer_id`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/**
 * An answer that is no success, thrown from wherever it is decided and sent by the server. It never leaves this room: it is what
 * the service says to its client, not an error of Coldroom.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: FieldErrors;

  constructor(status: number, message?: string, fields: FieldErrors = {}) {
    super(message ?? NAMES[status] ?? 'Error');
    this.name = 'Refusal';
    this.status = status;
    this.fields = fields;
  }

  /** The contract's error body: `message`, `error`, and validation errors keyed by field. */
  get body(): Record<string, unknown> {
    return { ...this.fields, message: this.message, error: NAMES[this.status] ?? 'Error' };
  }
}

/** A validation error of one field: 400. */
export function invalidField(field: string, reason: string): Refusal {
  return new Refusal(400, 'Validation failed', { [field]: [reason] });
}
